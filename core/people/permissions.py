"""What each role may do with users."""

GRANTS: dict[str, tuple[str, ...]] = {
    "hr": ("view_user", "view_companyrole", "view_team"),
    "it": ("view_user", "view_companyrole", "view_team", "deactivate_user"),
}
