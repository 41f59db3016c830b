"""What each role may do with other people's imports; to import, a role needs the permission to create such records."""

GRANTS: dict[str, tuple[str, ...]] = {"it": ("view_importrun", "view_importrow")}
