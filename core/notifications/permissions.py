"""Nobody needs a permission for what was told to them; the clerk screens show everything to who may see everything."""

GRANTS: dict[str, tuple[str, ...]] = {"it": ("view_notification",)}
