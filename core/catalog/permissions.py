"""What each role may do with the catalogue."""

_see = ("view_product", "view_category", "view_unit")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": (*_see, "create_product", "update_product"),
    "storekeeper": (*_see, "create_product", "update_product", "view_cost"),  # what comes in is received at its cost
    "accountant": (*_see, "view_cost"),
    "support": _see,
    "marketing": _see,
}
