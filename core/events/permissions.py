"""What each role may do with events and their deliveries."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

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
        "approve_skip",
        "view_replay",
        "replay_events",
    ),
    "accountant": ("approve_skip",),
}

CONFLICTS = (
    Conflict(
        "skips-asked-and-approved",
        _("Something never reaches the books, on one person's word."),
        Duty(_("Skips deliveries"), ("events.skip_delivery",)),
        Duty(_("Approves that"), ("events.approve_skip",)),
        eased_by=("events.skip_delivery",),
    ),
)
