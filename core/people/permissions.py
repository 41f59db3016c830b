"""What each role may do with users."""

GRANTS: dict[str, tuple[str, ...]] = {
    "hr": ("view_user", "create_user"),
    "it": ("view_user", "create_user", "deactivate_user"),
}
