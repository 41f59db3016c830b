"""What each role may do with users."""

GRANTS: dict[str, tuple[str, ...]] = {
    "hr": ("view_user",),
    "it": ("view_user", "deactivate_user"),
}
