"""What each role may do with users."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

GRANTS: dict[str, tuple[str, ...]] = {
    "hr": ("view_user", "view_companyrole", "view_team"),
    "it": ("view_user", "view_companyrole", "view_team", "deactivate_user"),
}

_gives = ("people.change_roles", "people.create_user", "people.update_role", "people.reset_role", "people.restore_role")

CONFLICTS = (
    Conflict(
        "roles-given-and-approved",
        _("Somebody is made more than they should be, on one person's word."),
        Duty(_("Gives roles"), _gives),
        Duty(_("Approves that"), ("people.approve_roles",)),
        eased_by=_gives,
    ),
)
