"""The company whose house this is, read once a request."""

from contextvars import ContextVar
from dataclasses import dataclass

from core.parties.models import Company


@dataclass(frozen=True)
class House:
    """What the screens need to know of the company."""

    name: str
    currency: str
    country: str


_house: ContextVar[House | None] = ContextVar("satu_house", default=None)


def house() -> House:
    """The company; a neutral one before it is founded."""
    known = _house.get()
    if known is None:
        company = Company.objects.founded()
        known = House(str(company), company.currency, company.country) if company else House("Satu", "IDR", "ID")
        _house.set(known)
    return known


def use(known: House | None) -> None:
    """Take this company as read, or forget what was read (None)."""
    _house.set(known)


def currency() -> str:
    """The currency of the books."""
    return house().currency
