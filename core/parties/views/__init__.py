"""The screens of companies and people, their bank accounts, and our own company."""

from core.parties.views.banking import BankAccountRecord, BankAccounts
from core.parties.views.company import CompanyRecord, EditCompany, OurCompany
from core.parties.views.parties import EditParty, NewParty, Parties, PartyRecord

__all__ = [
    "BankAccountRecord",
    "BankAccounts",
    "CompanyRecord",
    "EditCompany",
    "EditParty",
    "NewParty",
    "OurCompany",
    "Parties",
    "PartyRecord",
]
