"""What each role may do with what joins the modules."""

GRANTS: dict[str, tuple[str, ...]] = {
    "it": (
        "view_processinstance",
        "view_drift",
        "view_endpoint",
        "view_attempt",
        "create_endpoint",
        "change_endpoint",
        "enable_endpoint",
        "disable_endpoint",
        "rotate_secret",
        "send_test",
        "resend_message",
        "view_source",
        "enable_source",
        "disable_source",
        "view_receivedwebhook",
    ),
    "accountant": ("view_processinstance", "view_drift"),
    "sales": ("view_processinstance",),
}
