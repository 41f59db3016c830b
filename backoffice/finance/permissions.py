"""What each role may do with the books. Two accountants check each other where the owner demands it: nobody checks their own."""

from django.utils.translation import gettext_lazy as _

from core.approvals.duties import Conflict, Duty

_see_invoices = ("view_invoice", "view_invoiceline", "view_payment", "view_allocation", "view_customeraccount")
_see_all = (
    *_see_invoices,
    "view_account",
    "view_journal",
    "view_journalentry",
    "view_journalline",
    "view_fiscalyear",
    "view_period",
    "view_tax",
    "view_taxrule",
    "view_invoicetax",
    "view_reports",
)

GRANTS: dict[str, tuple[str, ...]] = {
    "accountant": (
        *_see_all,
        "install_chart",
        "create_account",
        "update_account",
        "open_fiscal_year",
        "close_period",
        "reopen_period",
        "post_entry",
        "reverse_entry",
        "approve_entry",
        "create_tax",
        "issue_invoice",
        "issue_credit_note",
        "register_payment",
        "void_payment",
        "approve_void",
        "allocate_credit",
        "deallocate",
        "set_credit_terms",
    ),
    "sales": _see_invoices,
    "support": _see_invoices,
}

_by_hand = ("finance.post_entry", "finance.reverse_entry")
_posts = Duty(_("Posts and reverses entries by hand"), _by_hand)
_voids = Duty(_("Voids payments"), ("finance.void_payment",))

CONFLICTS = (
    Conflict(
        "entries-made-and-approved",
        _("Made-up or mistaken entries that nobody else looks at."),
        _posts,
        Duty(_("Approves them"), ("finance.approve_entry",)),
        eased_by=_by_hand,
    ),
    Conflict(
        "entries-in-closed-months",
        _("Entries slipped into a month that was closed and reported."),
        _posts,
        Duty(_("Reopens months"), ("finance.reopen_period",)),
        eased_by=_by_hand,
    ),
    Conflict(
        "voids-made-and-approved",
        _("A payment is voided on one person's word."),
        _voids,
        Duty(_("Approves that"), ("finance.approve_void",)),
        eased_by=("finance.void_payment",),
    ),
    Conflict(
        "payments-registered-and-voided",
        _("Money that came in is kept, and its payment voided."),
        Duty(_("Registers payments"), ("finance.register_payment",)),
        _voids,
        eased_by=("finance.void_payment",),
    ),
    Conflict(
        "customers-and-voids",
        _("A made-up customer whose payments vanish."),
        Duty(_("Creates customers, sets credit terms"), ("parties.create_party", "finance.set_credit_terms")),
        _voids,
        eased_by=("finance.void_payment",),
    ),
    Conflict(
        "bank-details-and-payments",
        _("Money is led to another account, and its trace covered up."),
        Duty(_("Changes bank details"), ("parties.add_bank_account", "parties.change_bank_account", "parties.update_company")),
        Duty(_("Registers or voids payments"), ("finance.register_payment", "finance.void_payment")),
        eased_by=("parties.add_bank_account", "parties.change_bank_account", "parties.update_company"),
    ),
)
