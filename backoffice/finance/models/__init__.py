"""What is true in the books."""

from backoffice.finance.models.accounts import Account, Journal, Purpose
from backoffice.finance.models.balances import DayBalance
from backoffice.finance.models.customers import PAYMENT_DAYS, CustomerAccount
from backoffice.finance.models.invoices import Invoice, InvoiceLine, InvoiceTax
from backoffice.finance.models.ledger import JournalEntry, JournalLine
from backoffice.finance.models.payments import Allocation, Payment
from backoffice.finance.models.periods import FiscalYear, Period
from backoffice.finance.models.taxes import Tax, TaxRule

__all__ = [
    "PAYMENT_DAYS",
    "Account",
    "Allocation",
    "CustomerAccount",
    "DayBalance",
    "FiscalYear",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "Journal",
    "JournalEntry",
    "JournalLine",
    "Payment",
    "Period",
    "Purpose",
    "Tax",
    "TaxRule",
]
