"""What many files name: a party, a customer, and the currency of the books."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.imports.mapping import BadCell, Column
from core.imports.notation import record
from core.parties.models import Company, Party
from core.people.visibility import seen_now


class Ambiguous(Refused):
    """Several records answer to one name."""


def party_named(cell: str) -> Party | None:
    """A party by its code, else by its name when only one has it."""
    by_code = seen_now(Party.objects.all()).filter(code__iexact=cell).first()
    return by_code or the_only(seen_now(Party.objects.active()).filter(name__iexact=cell).order_by("pk")[:2], cell)


def the_only(found: Iterable[Any], cell: str) -> Any:
    """The one record that was found, None when there is none; refuses when there are several."""
    rows = list(found)
    if len(rows) > 1:
        raise Ambiguous(_now("Several records are called “%(name)s”.") % {"name": cell}, fix=_now("Give the code instead."))
    return rows[0] if rows else None


def books_currency(cell: str) -> str:
    """The currency of the books: no other is taken."""
    books: str = Company.objects.current().currency
    if cell.strip().upper() != books:
        raise BadCell(_now("The books are kept in %(books)s, this is in %(currency)s.") % {"books": books, "currency": cell})
    return books


CUSTOMER = Column(
    "customer",
    _("Customer"),
    record(party_named, _("customer")),
    required=True,
    synonyms=("customer code", "company", "pelanggan", "kode pelanggan", "nama pelanggan", "perusahaan"),
    example="C-0012",
    help=_("Its code, or its name when only one has it."),
)
CURRENCY = Column(
    "currency",
    _("Currency"),
    books_currency,
    synonyms=("mata uang", "valuta", "curr"),
    example="IDR",
    help=_("Only the currency of the books is taken."),
)
