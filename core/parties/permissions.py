"""What each role may do with parties."""

_see = ("view_party", "view_address", "view_contactpoint", "view_contact", "view_company", "view_consent")
_keep = (*_see, "create_party", "update_party", "record_consent")

GRANTS: dict[str, tuple[str, ...]] = {
    "sales": _keep,
    "support": _keep,
    "marketing": _keep,
    "accountant": (*_keep, "view_bank_details"),
    "storekeeper": _see,
    "hr": _see,
    "legal": (*_see, "record_consent"),
    "it": (*_see, "update_company"),
}
