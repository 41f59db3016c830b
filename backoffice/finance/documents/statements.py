"""The statement of account: what moved between two days, and what is open at the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from django import forms
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Allocation, Invoice, Payment
from backoffice.finance.reports import NOTHING
from core import clock
from core.money import ZERO
from core.parties.models import Address, Company, Party, PartyRole
from core.printing.documents import document
from core.printing.letterhead import addressee
from core.printing.paper import Column, Fact, Paper, Row, Table, Total
from core.printing.wording import Written, amounts, day, short_day
from core.web import ui


@dataclass(frozen=True)
class Movement:
    """One document on a customer's account. ``amount`` is what it added to what they owe; ``open`` what is left of that."""

    on: date
    what: str
    number: str
    amount: Decimal
    due_on: date | None = None
    order_number: str = ""
    open: Decimal = ZERO


@dataclass(frozen=True)
class Statement:
    """A customer's account between two days, both included. What is open at the end adds up to the closing balance."""

    start: date
    end: date
    currency: str
    opening: Decimal
    movements: tuple[Movement, ...]
    closing: Decimal
    open_items: tuple[Movement, ...]

    @property
    def overdue(self) -> Decimal:
        """What should have been paid by the end."""
        return sum((item.open for item in self.open_items if item.due_on and item.due_on < self.end), ZERO)


def first_of_last_quarter() -> date:
    """The first day of the month two months ago: long enough to remember, short enough to read."""
    month = clock.today().replace(day=1)
    for _month in range(2):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


class StatementForm(forms.Form):
    """Between which days."""

    start = ui.DayField(label=_("From"), initial=first_of_last_quarter)
    end = ui.DayField(label=_("Until"), initial=clock.today)

    def clean(self) -> dict[str, date]:
        """A period ends after it starts."""
        data: dict[str, date] = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("The period ends before it starts."))
        return data


def statement_of(customer: Party, *, start: date, end: date) -> Statement:
    """What a customer's account did between two days."""
    everything = sorted([*_bills(customer, end), *_payments(customer, end)], key=lambda one: (one.on, one.amount < 0, one.number))
    return Statement(
        start=start,
        end=end,
        currency=Company.objects.current().currency,
        opening=sum((one.amount for one in everything if one.on < start), ZERO),
        movements=tuple(one for one in everything if one.on >= start),
        closing=sum((one.amount for one in everything), ZERO),
        open_items=tuple(sorted((one for one in everything if one.open), key=lambda one: (one.due_on or one.on, one.number))),
    )


def _settled(field: str, end: date) -> Coalesce:
    rows = Allocation.objects.filter(allocated_on__lte=end, **{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(sum=Sum("amount")).values("sum")), NOTHING)


def _bills(customer: Party, end: date) -> list[Movement]:
    rows: QuerySet[Invoice] = Invoice.objects.filter(customer=customer, issued_on__lte=end)
    told = rows.annotate(left_as_invoice=F("total") - _settled("invoice", end), left_as_credit=F("total") - _settled("credit_note", end))
    return [
        Movement(
            bill.issued_on,
            gettext("Credit note") if bill.is_credit_note else gettext("Invoice"),
            bill.number,
            -bill.total if bill.is_credit_note else bill.total,
            None if bill.is_credit_note else bill.due_on,
            bill.order_number,
            -bill.left_as_credit if bill.is_credit_note else bill.left_as_invoice,
        )
        for bill in told.order_by("issued_on", "pk")
    ]


def _payments(customer: Party, end: date) -> list[Movement]:
    rows: QuerySet[Payment] = Payment.objects.filter(customer=customer, received_on__lte=end)
    told = rows.annotate(left_then=F("amount") - _settled("payment", end)).order_by("received_on", "pk")
    void = {row.pk: row.voided_on for row in told if row.voided_on and row.voided_on <= end}
    paid = [
        Movement(row.received_on, gettext("Payment, thank you"), row.number, -row.amount, open=ZERO if row.pk in void else -row.left_then)
        for row in told
    ]
    back = [Movement(void[row.pk], gettext("Payment voided"), row.number, row.amount) for row in told if row.pk in void]
    return [*paid, *back]


@document(
    "parties.party",
    "statement",
    _("Statement of account"),
    party=lambda party: party,
    permission="finance.view_invoice",
    when=lambda party: any(role.role == PartyRole.Role.CUSTOMER for role in party.roles.all()),
    form=StatementForm,
    icon="scroll-text",
)
def statement(customer: Party, *, start: date, end: date) -> Paper:
    """What a customer owes us, and how it came about."""
    told = statement_of(customer, start=start, end=end)
    written = amounts(told.currency, [told.opening, *(one.amount for one in told.movements), *(one.open for one in told.open_items)])
    overdue = gettext("of which %(amount)s is overdue") % {"amount": written(told.overdue)} if told.overdue else ""
    period = f"{short_day(start)} – {short_day(end)}"
    return Paper(
        title=gettext("Statement of account"),
        number="",
        made_on=end,
        to_label=gettext("For"),
        to=addressee(customer, Address.Kind.BILLING, Address.Kind.OFFICE),
        facts=(
            Fact(gettext("Period"), period),
            Fact(gettext("Balance before"), written(told.opening)),
            Fact(gettext("Balance now"), written(told.closing)),
        ),
        headline=_headline(told, written),
        headnote=overdue,
        tables=(_movements(told, written), _open_items(told, written)),
        totals=(Total(gettext("Open in all"), written(told.closing), strong=True),) if told.open_items else (),
        with_bank_details=told.closing > 0,
        cover=gettext("Please find attached your statement of account for %(period)s. Your balance is %(balance)s.")
        % {"period": period, "balance": written(told.closing)},
    )


def _headline(told: Statement, written: Written) -> str:
    if told.closing > 0:
        return gettext("%(amount)s open on %(day)s") % {"amount": written(told.closing), "day": day(told.end)}
    if told.closing < 0:
        return gettext("%(amount)s credit on %(day)s") % {"amount": written(-told.closing), "day": day(told.end)}
    return gettext("Nothing is open, thank you")


def _movements(told: Statement, written: Written) -> Table:
    balances = accumulate((one.amount for one in told.movements), initial=told.opening)
    before = Row((short_day(told.start), gettext("Balance before"), "", "", written(told.opening)), strong=True)
    moved = [
        Row(
            (
                short_day(one.on),
                f"{one.what} {one.number}",
                written(one.amount) if one.amount > 0 else "",
                written(-one.amount) if one.amount < 0 else "",
                written(balance),
            )
        )
        for one, balance in zip(told.movements, list(balances)[1:], strict=True)
    ]
    after = Row((short_day(told.end), gettext("Balance"), "", "", written(told.closing)), strong=True)
    return Table(
        (
            Column(gettext("Date")),
            Column(gettext("Document"), wide=True),
            Column(gettext("Charged"), figures=True),
            Column(gettext("Paid or credited"), figures=True),
            Column(gettext("Balance"), figures=True),
        ),
        (before, *moved, after),
    )


def _open_items(told: Statement, written: Written) -> Table:
    rows = tuple(
        Row(
            (
                one.number,
                short_day(one.on),
                short_day(one.due_on),
                gettext("%(days)d days") % {"days": (told.end - one.due_on).days} if one.due_on and one.due_on < told.end else "",
                written(one.amount),
                written(one.open),
            ),
            note=one.what,
        )
        for one in told.open_items
    )
    return Table(
        (
            Column(gettext("Document"), wide=True),
            Column(gettext("Date")),
            Column(gettext("Due")),
            Column(gettext("Overdue"), figures=True),
            Column(gettext("Amount"), figures=True),
            Column(gettext("Open"), figures=True),
        ),
        rows,
        heading=gettext("Open items"),
        empty=gettext("Nothing is open."),
    )
