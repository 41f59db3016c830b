"""What each role may do with what waits: who may check what is granted by the module it is done in, and the rules are the owner's."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

GRANTS: dict[str, tuple[str, ...]] = {}

CONFLICTS = (
    Conflict(
        "waives-and-approves",
        _("The rule of two is switched off by one."),
        Duty(_("Does without a second person"), ("approvals.waive_second",)),
        Duty(_("Approves that"), ("approvals.approve_waiver",)),
        eased_by=("approvals.waive_second",),
    ),
)
