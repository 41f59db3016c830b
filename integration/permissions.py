"""What each role may do with what joins the modules."""

GRANTS: dict[str, tuple[str, ...]] = {
    "it": ("view_processinstance", "view_drift"),
    "accountant": ("view_processinstance", "view_drift"),
    "sales": ("view_processinstance",),
}
