"""Posting to the ledger, and taking back what was posted by its opposite."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.finance.models import Account, Journal, JournalEntry, JournalLine
from backoffice.finance.operations.periods import closed, period_for
from core.approvals.declaring import Told
from core.approvals.held import checker, held
from core.db import locked
from core.errors import Refused
from core.money import ZERO, digits, round_money, written
from core.numbering import NextNumber
from core.parties.models import Company
from core.people.models import User
from core.reference import copied, reference
from core.web import figures
from core.writing import Part, write_whole


class Unbalanced(Refused):
    """Debits and credits of an entry differ."""


class NothingToPost(Refused):
    """An entry needs at least two lines that move something."""


class AccountKeptByDocuments(Refused):
    """Some accounts always equal the sum of their documents."""


class ForeignCurrency(Refused):
    """The books are kept in one currency so far."""


class BadAmount(Refused):
    """An amount that its currency cannot express."""


class AlreadyReversed(Refused):
    """What is taken back once cannot be taken back twice."""


class BelongsToDocument(Refused):
    """What a document posted is taken back by a document."""


class BooksNotStarted(Refused):
    """There are no journals to write in before a chart of accounts is installed."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One line of an entry to be: debit positive, credit negative, in the currency of the books."""

    account_id: int
    amount: Decimal
    party_id: int | None = None
    product_id: int | None = None
    memo: str = ""


@dataclass(frozen=True)
class Source:
    """The document an entry comes from."""

    kind: str = ""
    id: int | None = None
    number: str = ""


BY_HAND = Source()


def entry_told(*, on: date, memo: str, lines: Sequence[Posting]) -> list[Told]:
    """An entry that would be written, line by line."""
    accounts = Account.objects.in_bulk({line.account_id for line in lines})
    told = [Told(str(accounts[line.account_id]), after=_side(line.amount)) for line in lines if line.amount and line.account_id in accounts]
    return [Told(_("Date"), after=figures.day(on, year=True)), Told(_("Memo"), after=memo), *told]


def reversal_told(*, entry: JournalEntry, on: date, reason: str) -> list[Told]:
    """An entry that would be taken back: what stands there, and its opposite."""
    lines = entry.lines.select_related("account").order_by("pk")
    told = [Told(str(line.account), _side(line.base_amount), _side(-line.base_amount)) for line in lines]
    day = Told(_("Date"), figures.day(entry.entry_date, year=True), figures.day(on, year=True))
    return [day, Told(_("Memo"), entry.memo, reason), *told]


def _side(amount: Decimal) -> str:
    words = gettext_lazy("Debit %(amount)s") if amount > 0 else gettext_lazy("Credit %(amount)s")
    return str(words) % {"amount": figures.money(abs(amount), books_currency())}


@held(
    "finance.post_entry",
    title=gettext_lazy("Post an entry by hand"),
    needs="finance.approve_entry",
    tell=entry_told,
    named=lambda memo, **_given: memo,
)
def post_entry(*, on: date, memo: str, lines: Sequence[Posting], by: User) -> JournalEntry:
    """Write an entry by hand, in the general journal. Accounts that documents keep take none."""
    with locked(by=by):
        accounts = Account.objects.in_bulk({line.account_id for line in lines})
        for line in lines:
            check_posting(line.amount, accounts[line.account_id])
        return register_entry(kind=Journal.Kind.GENERAL, on=on, memo=memo, postings=lines, source=BY_HAND, by=by)


@held(
    "finance.reverse_entry",
    title=gettext_lazy("Reverse an entry"),
    needs="finance.approve_entry",
    about="entry",
    tell=reversal_told,
    words="reason",
)
def reverse_entry(entry: JournalEntry, *, on: date, reason: str, by: User) -> JournalEntry:
    """Take back an entry written by hand, by its exact opposite on a day of an open period."""
    with locked(entry, by=by) as entry:
        if entry.source_kind:
            raise BelongsToDocument(
                _("%(entry)s was posted by %(document)s.") % {"entry": entry, "document": entry.source_number},
                fix=_("Correct the document: credit the invoice, or take back the allocation."),
            )
        if entry.reverses_id is not None:
            raise AlreadyReversed(_("%(entry)s is a reversal itself.") % {"entry": entry}, fix=_("Post a new entry instead."))
        if JournalEntry.objects.filter(reverses=entry).exists():
            raise AlreadyReversed(_("%(entry)s is reversed already.") % {"entry": entry})
        opposite = [
            Posting(
                account_id=line.account_id, amount=-line.base_amount, party_id=line.party_id, product_id=line.product_id, memo=line.memo
            )
            for line in entry.lines.order_by("pk")
        ]
        kind = Journal.objects.get(pk=entry.journal_id).kind
        memo = _("Reverses %(entry)s: %(reason)s") % {"entry": entry, "reason": reason}
        return register_entry(kind=kind, on=on, memo=memo, postings=opposite, source=BY_HAND, by=by, reverses=entry)


def register_entry(
    *,
    kind: str,
    on: date,
    memo: str,
    postings: Iterable[Posting],
    source: Source,
    by: User,
    reverses: JournalEntry | None = None,
) -> JournalEntry:
    """Write an entry, for an operation that holds its own lock. Lines of nothing are left out; the number is taken last."""
    moving = [line for line in postings if line.amount]
    if len(moving) < 2:
        raise NothingToPost(_("An entry needs at least two lines with an amount."), field="lines")
    off = sum((line.amount for line in moving), ZERO)
    if off:
        raise Unbalanced(_("Debits and credits differ by %(off)s.") % {"off": written(abs(off))}, fix=_("Make them equal."), field="lines")
    period = period_for(on)
    journal = reference("journals", _journals).get(kind)
    if journal is None:
        raise BooksNotStarted(_("There is no journal to write in."), fix=_("Install a chart of accounts first."))
    currency = books_currency()
    try:
        entry = JournalEntry(
            journal=copied(journal),
            period=period,
            entry_date=on,
            memo=memo[:200],
            source_kind=source.kind,
            source_id=source.id,
            source_number=source.number,
            reverses=reverses,
            created_by=by,
            approved_by=checker(),
        )
        lines = [
            JournalLine(
                account_id=line.account_id,
                party_id=line.party_id,
                product_id=line.product_id,
                currency=currency,
                amount=line.amount,
                base_amount=line.amount,
                memo=line.memo[:200],
            )
            for line in moving
        ]
        write_whole(entry, Part(lines, "entry"), number=NextNumber(f"finance.entry.{journal.code}", journal.code, on))
    except IntegrityError as error:
        # Somebody closed the period since we looked.
        if "is closed" in str(error):
            raise closed(period, on) from error
        raise
    return entry


def _journals() -> dict[str, Journal]:
    return {journal.kind: journal for journal in Journal.objects.all()}


def books_currency() -> str:
    """The currency of the books."""
    currency: str = Company.objects.current().currency
    return currency


def check_currency(currency: str) -> None:
    """Refuse a document that is not in the currency of the books."""
    if currency != books_currency():
        raise ForeignCurrency(
            _("The books are kept in %(books)s, this is in %(currency)s.") % {"books": books_currency(), "currency": currency},
            fix=_("Put it in %(books)s.") % {"books": books_currency()},
            field="currency",
        )


def check_amount(amount: Decimal, *, field: str = "amount") -> None:
    """Refuse an amount that is not above zero, or finer than the currency of the books."""
    currency = books_currency()
    if amount <= 0 or amount != round_money(amount, currency):
        raise BadAmount(
            _("%(amount)s %(currency)s is no amount to receive or apply.") % {"amount": written(amount), "currency": currency},
            fix=_("Write an amount above zero, in whole smallest units."),
            field=field,
        )


def source_of(row: models.Model) -> Source:
    """A document as the source of an entry."""
    return Source(row._meta.label_lower, row.pk, str(row))


def check_posting(amount: Decimal, account: Account) -> None:
    """Refuse a line by hand that its currency cannot express, or that its account does not take."""
    currency = books_currency()
    if amount != round_money(amount, currency):
        raise BadAmount(
            _("%(amount)s has more decimal places than %(currency)s knows (%(digits)d).")
            % {"amount": amount, "currency": currency, "digits": digits(currency)},
            field="lines",
        )
    if account.is_kept_by_documents:
        raise AccountKeptByDocuments(
            _("%(account)s takes no entries by hand: it always equals the sum of its documents.") % {"account": account},
            fix=_("Use an invoice, a credit note, a payment or a stock adjustment."),
            field="lines",
        )
    if not account.is_active:
        raise AccountKeptByDocuments(_("%(account)s is out of use.") % {"account": account}, fix=_("Choose another one."), field="lines")
