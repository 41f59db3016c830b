"""What each role may do with the catalogue."""

_see = ("view_product", "view_category", "view_unit")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": (*_see, "create_product", "update_product"),
    "storekeeper": (*_see, "create_product", "update_product"),
    "accountant": _see,
    "support": _see,
    "marketing": _see,
}
