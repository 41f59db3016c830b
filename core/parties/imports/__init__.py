"""Parties from files, and the columns by which other files name them."""

from core.parties.imports import contacts, parties
from core.parties.imports.columns import CURRENCY, CUSTOMER, party_named

__all__ = ["CURRENCY", "CUSTOMER", "contacts", "parties", "party_named"]
