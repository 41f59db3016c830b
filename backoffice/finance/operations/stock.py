"""The stock account moves with the stock."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.finance.models import Journal, JournalEntry, Purpose
from backoffice.finance.operations.accounts import accounts_for
from backoffice.finance.operations.entries import Posting, Source, check_currency, register_entry
from core.db import locked
from core.errors import Refused
from core.events.noting import first_time
from core.people.models import User

AGAINST: dict[str, Purpose] = {
    "delivery": Purpose.COST_OF_GOODS,
    "return": Purpose.COST_OF_GOODS,
    "receipt": Purpose.GOODS_RECEIVED,
    "opening": Purpose.OPENING_BALANCE,
    "adjustment": Purpose.STOCK_ADJUSTMENT,
}
"""What stands against a change of the stock's value, by the reason it changed."""


class UnknownReason(Refused):
    """The books do not know what stands against this change of stock."""


def book_stock(
    *,
    move_id: int,
    reason: str,
    document_kind: str,
    document_id: int,
    document_number: str,
    party_id: int | None,
    on: date,
    currency: str,
    amount: Decimal,
    memo: str,
    by: User,
) -> JournalEntry | None:
    """Book a change of the stock's value, ``amount`` up or (negative) down, in the commit of the move itself.

    A move that changes no value, such as goods that cost nothing, books nothing; nor does one that is in the books already. ``move_id``
    is the first of those the document wrote.
    """
    if reason not in AGAINST:
        raise UnknownReason(_("The books do not know the reason “%(reason)s”.") % {"reason": reason})
    with locked(by=by):
        if not amount or not first_time("finance.book_stock", move_id):
            return None
        check_currency(currency)
        accounts = accounts_for(Purpose.STOCK, AGAINST[reason])
        return register_entry(
            kind=Journal.Kind.STOCK,
            on=on,
            memo=memo,
            postings=(
                Posting(account_id=accounts[Purpose.STOCK].pk, amount=amount, party_id=party_id, memo=memo),
                Posting(account_id=accounts[AGAINST[reason]].pk, amount=-amount, party_id=party_id, memo=memo),
            ),
            source=Source(document_kind, document_id, document_number),
            by=by,
        )
