"""What each role may do with other people's tokens and with services. Everybody has their own tokens."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

GRANTS: dict[str, tuple[str, ...]] = {
    "it": ("view_token", "revoke_token"),
}

_lets = ("tokens.create_service", "tokens.issue_service_token")

CONFLICTS = (
    Conflict(
        "services-made-and-approved",
        _("A program acts with rights that nobody else looked at."),
        Duty(_("Lets programs act as services"), _lets),
        Duty(_("Approves that"), ("tokens.approve_service",)),
        eased_by=_lets,
    ),
)
