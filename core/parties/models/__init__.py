"""Every company and person Satu deals with, where they want to be paid, and our own company."""

from core.parties.models.banking import BankAccount
from core.parties.models.company import Company, logo_name
from core.parties.models.parties import (
    Address,
    Consent,
    Contact,
    ContactPoint,
    OfPartyQuerySet,
    Party,
    PartyQuerySet,
    PartyRole,
    Purpose,
)

__all__ = [
    "Address",
    "BankAccount",
    "Company",
    "Consent",
    "Contact",
    "ContactPoint",
    "OfPartyQuerySet",
    "Party",
    "PartyQuerySet",
    "PartyRole",
    "Purpose",
    "logo_name",
]
