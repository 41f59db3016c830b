"""What each role may do with events and their deliveries."""

GRANTS: dict[str, tuple[str, ...]] = {
    "it": (
        "view_record",
        "view_delivery",
        "view_archiveddelivery",
        "retry_delivery",
        "skip_delivery",
        "view_handlerpause",
        "pause_handler",
        "resume_handler",
        "view_skiprequest",
        "ask_to_skip",
        "approve_skip",
        "decline_skip",
        "view_replay",
        "replay_events",
    ),
    "accountant": ("view_skiprequest", "approve_skip", "decline_skip"),
}
