"""What each role may do with what joins the modules."""

GRANTS: dict[str, tuple[str, ...]] = {
    "it": ("view_processinstance",),
    "accountant": ("view_processinstance",),
    "sales": ("view_processinstance",),
}
