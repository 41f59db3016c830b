"""The books in the API."""

from backoffice.finance.api import books, documents, reports

ROUTES = [*documents.ROUTES, *books.ROUTES, *reports.ROUTES]
