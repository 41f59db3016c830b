"""What is done with the books."""

from backoffice.finance.operations.accounts import apply_tax, create_account, create_tax, end_tax, install_chart, update_account
from backoffice.finance.operations.bills import BillLine
from backoffice.finance.operations.carrying import carry_invoice_over
from backoffice.finance.operations.charts import CHARTS
from backoffice.finance.operations.credit import OpenItem, credit_standing, open_item, set_credit_terms, unsettled_with
from backoffice.finance.operations.entries import Posting, post_entry, reverse_entry
from backoffice.finance.operations.invoicing import credit_invoice, issue_credit_note, issue_invoice
from backoffice.finance.operations.payments import (
    allocate_credit,
    allocate_to_oldest,
    deallocate,
    pay_invoice,
    register_payment,
    void_payment,
)
from backoffice.finance.operations.periods import close_period, open_fiscal_year, reopen_period
from backoffice.finance.operations.stock import book_stock
from backoffice.finance.operations.taxes import TaxableLine, TaxedLine, Taxes, compute_taxes

__all__ = [
    "CHARTS",
    "BillLine",
    "OpenItem",
    "Posting",
    "TaxableLine",
    "TaxedLine",
    "Taxes",
    "allocate_credit",
    "allocate_to_oldest",
    "apply_tax",
    "book_stock",
    "carry_invoice_over",
    "close_period",
    "compute_taxes",
    "create_account",
    "create_tax",
    "credit_invoice",
    "credit_standing",
    "deallocate",
    "end_tax",
    "install_chart",
    "issue_credit_note",
    "issue_invoice",
    "open_fiscal_year",
    "open_item",
    "pay_invoice",
    "post_entry",
    "register_payment",
    "reopen_period",
    "reverse_entry",
    "set_credit_terms",
    "unsettled_with",
    "update_account",
    "void_payment",
]
