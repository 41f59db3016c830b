"""What of the books can be brought in from files."""

from backoffice.finance.imports import accounts, invoices, payments, terms

__all__ = ["accounts", "invoices", "payments", "terms"]
