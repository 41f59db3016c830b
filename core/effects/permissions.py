"""What each role may do with messages that leave the house."""

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": ("send_document",),
    "support": ("send_document",),
    "storekeeper": ("send_document",),
    "accountant": ("send_document",),
    "it": ("view_effect", "retry_effect", "cancel_effect"),
}
