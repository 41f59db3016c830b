"""What of the books can be brought in from files."""

from backoffice.finance.imports import accounts, entries, invoices, payments, terms

__all__ = ["accounts", "entries", "invoices", "payments", "terms"]
