"""What each role may do with parties."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

_see = ("view_party", "view_address", "view_contactpoint", "view_contact", "view_company", "view_consent")
_keep = (*_see, "create_party", "update_party", "record_consent")

_bank = ("view_bankaccount", "add_bank_account", "change_bank_account", "retire_bank_account", "approve_bank_details")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": _keep,
    "support": _keep,
    "marketing": _keep,
    "accountant": (*_keep, "view_bank_details", *_bank),
    "storekeeper": _see,
    "hr": _see,
    "legal": (*_see, "record_consent"),
    "it": (*_see, "update_company"),
}

_changes = ("parties.add_bank_account", "parties.change_bank_account", "parties.update_company")

CONFLICTS = (
    Conflict(
        "bank-details-changed-and-approved",
        _("Money is led to another account on one person's word."),
        Duty(_("Changes bank details"), _changes),
        Duty(_("Approves that"), ("parties.approve_bank_details",)),
        eased_by=_changes,
    ),
)
