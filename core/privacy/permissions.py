"""What each role may do with what is known of persons. Whoever erases is trusted by the owner; IT looks after how long things are kept."""

_answer = ("view_privacyrequest", "receive_request", "export_person", "erase_person", "refuse_request", "view_retention")

GRANTS: dict[str, tuple[str, ...]] = {
    "legal": _answer,
    "support": ("view_privacyrequest", "receive_request"),
    "it": ("view_retention", "change_retention"),
}
