"""The papers of the books: invoices, credit notes and statements."""

from backoffice.finance.documents.invoices import credit_note, invoice
from backoffice.finance.documents.statements import Movement, Statement, statement, statement_of

__all__ = ["Movement", "Statement", "credit_note", "invoice", "statement", "statement_of"]
