"""What each role may do with the books."""

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
        "create_tax",
        "issue_invoice",
        "issue_credit_note",
        "register_payment",
        "void_payment",
        "allocate_credit",
        "deallocate",
        "set_credit_terms",
    ),
    "sales": _see_invoices,
    "support": _see_invoices,
}
