"""The financial reports as of any day, of the accounts whoever asks may see: added up from what moved on each day, which the database
keeps with the journal lines; and from invoices and allocations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from django.db.models import DecimalField, Expression, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth

from backoffice.finance.models import Account, Allocation, DayBalance, FiscalYear, Invoice, JournalLine, Purpose
from core.money import ZERO
from core.once import once
from core.parties.models import Company, Party
from core.people.visibility import seen_now

MOVED = F("debit") - F("credit")
"""What moved on a day, debit positive."""
NOTHING = Value(ZERO, output_field=DecimalField(max_digits=20, decimal_places=4))


@dataclass(frozen=True)
class AccountBalance:
    """An account over a stretch of time: balances are debit positive, ``debit`` and ``credit`` are what moved in it."""

    account_id: int
    code: str
    name: str
    kind: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


@dataclass(frozen=True)
class TrialBalance:
    """Every account that ever moved. Debits equal credits, and closing balances add up to nothing."""

    start: date | None
    end: date
    currency: str
    rows: tuple[AccountBalance, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal


@dataclass(frozen=True)
class LedgerLine:
    """One line on an account, and the balance after it."""

    line_id: int
    entry_id: int
    entry_number: str
    entry_date: date
    memo: str
    party: str
    source_kind: str
    source_id: int | None
    source_number: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True)
class GeneralLedger:
    """One account, line by line."""

    account_id: int
    code: str
    name: str
    start: date
    end: date
    currency: str
    opening: Decimal
    lines: tuple[LedgerLine, ...]
    debit: Decimal
    credit: Decimal
    closing: Decimal


@dataclass(frozen=True)
class Amount:
    """One account's amount on a statement, positive where it belongs."""

    account_id: int
    code: str
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Section:
    """A group of accounts on a statement, and what they come to."""

    rows: tuple[Amount, ...]
    total: Decimal


@dataclass(frozen=True)
class ProfitAndLoss:
    """What came in and what it cost, between two days (both included)."""

    start: date
    end: date
    currency: str
    income: Section
    cost_of_goods: Section
    gross_profit: Decimal
    expenses: Section
    result: Decimal


@dataclass(frozen=True)
class MonthResult:
    """One month's income, what it cost in all, and what is left."""

    month: date
    income: Decimal
    costs: Decimal
    result: Decimal


@dataclass(frozen=True)
class BalanceSheet:
    """What the company owns and owes at the end of a day. ``difference`` is nothing, or the books are broken."""

    on: date
    currency: str
    assets: Section
    liabilities: Section
    equity: Section
    earlier_result: Decimal
    current_result: Decimal
    total_equity: Decimal
    difference: Decimal


@dataclass(frozen=True)
class Aged:
    """What one customer (or all of them) owes, by how many days it is overdue."""

    customer_id: int
    customer: str
    not_due: Decimal
    days_1_30: Decimal
    days_31_60: Decimal
    days_61_90: Decimal
    over_90: Decimal
    total: Decimal


@dataclass(frozen=True)
class AgedReceivables:
    """What customers owed at the end of a day, the largest debtor first."""

    on: date
    currency: str
    rows: tuple[Aged, ...]
    total: Aged


class Moved(NamedTuple):
    """What moved on an account."""

    account_id: int
    code: str
    name: str
    kind: str
    purpose: str
    amount: Decimal


def trial_balance(*, end: date, start: date | None = None) -> TrialBalance:
    """All accounts as of ``end``; with ``start``, what they came in with and what moved since."""
    moved = Q(day__gte=start) if start else None
    found = (
        seen_now(DayBalance.objects.all())
        .filter(day__lte=end)
        .values("account_id", "account__code", "account__name", "account__kind")
        .annotate(closing=Sum(MOVED), debits=_sum("debit", moved), credits=_sum("credit", moved))
        .order_by("account__code")
    )
    rows = tuple(
        AccountBalance(
            row["account_id"],
            row["account__code"],
            row["account__name"],
            row["account__kind"],
            row["closing"] - row["debits"] + row["credits"],
            row["debits"],
            row["credits"],
            row["closing"],
        )
        for row in found
    )
    return TrialBalance(
        start,
        end,
        _currency(),
        rows,
        _total(row.debit for row in rows),
        _total(row.credit for row in rows),
        _total(row.closing for row in rows),
    )


def general_ledger(account: Account, *, start: date, end: date) -> GeneralLedger:
    """Every line of an account between two days (both included), with the running balance."""
    before = seen_now(DayBalance.objects.all()).filter(account=account, day__lt=start)
    opening = before.aggregate(amount=_sum(MOVED))["amount"]
    lines = seen_now(JournalLine.objects.all()).filter(account=account, entry__entry_date__range=(start, end))
    rows = list(lines.select_related("entry", "party").order_by("entry__entry_date", "entry_id", "pk"))
    balances = accumulate((row.base_amount for row in rows), initial=opening)
    next(balances)
    done = tuple(
        LedgerLine(
            row.pk,
            row.entry_id,
            row.entry.number,
            row.entry.entry_date,
            row.memo or row.entry.memo,
            row.party.name if row.party else "",
            row.entry.source_kind,
            row.entry.source_id,
            row.entry.source_number,
            max(row.base_amount, ZERO),
            max(-row.base_amount, ZERO),
            balance,
        )
        for row, balance in zip(rows, balances, strict=True)
    )
    debit, credit = _total(line.debit for line in done), _total(line.credit for line in done)
    return GeneralLedger(
        account.pk, account.code, account.name, start, end, _currency(), opening, done, debit, credit, opening + debit - credit
    )


def profit_and_loss(*, start: date, end: date) -> ProfitAndLoss:
    """Income less what it cost, between two days (both included)."""
    moved = _amounts(start=start, end=end)
    goods = [row for row in moved if row.purpose in {Purpose.COST_OF_GOODS, Purpose.STOCK_ADJUSTMENT}]
    income = _section((row for row in moved if row.kind == Account.Kind.INCOME), sign=-1)
    cost = _section(goods)
    expenses = _section(row for row in moved if row.kind == Account.Kind.EXPENSE and row not in goods)
    gross = income.total - cost.total
    return ProfitAndLoss(start, end, _currency(), income, cost, gross, expenses, gross - expenses.total)


def results_by_month(*, start: date, end: date) -> list[MonthResult]:
    """What came in and what it cost, month by month; the months together are the profit and loss of the span."""
    found = (
        seen_now(DayBalance.objects.all())
        .filter(day__range=(start, end))
        .annotate(month=TruncMonth("day"))
        .values("month")
        .annotate(
            income=-_sum(MOVED, Q(account__kind=Account.Kind.INCOME)),
            costs=_sum(MOVED, Q(account__kind=Account.Kind.EXPENSE)),
        )
    )
    by_month = {row["month"]: row for row in found}
    last = end.year * 12 + end.month - 1
    months = [date(number // 12, number % 12 + 1, 1) for number in range(start.year * 12 + start.month - 1, last + 1)]
    known = ((month, by_month.get(month, {"income": ZERO, "costs": ZERO})) for month in months)
    return [MonthResult(month, row["income"], row["costs"], row["income"] - row["costs"]) for month, row in known]


def balance_sheet(*, on: date) -> BalanceSheet:
    """What we own, what we owe, and what is left for the owners, at the end of a day."""
    rows = _amounts(start=None, end=on)
    of_kind = {kind: [row for row in rows if row.kind == kind] for kind in Account.Kind.values}
    assets = _section(of_kind["asset"])
    liabilities = _section(of_kind["liability"], sign=-1)
    equity = _section(of_kind["equity"], sign=-1)
    current = profit_and_loss(start=fiscal_year_start(on), end=on).result
    all_years = -_total(row.amount for row in [*of_kind["income"], *of_kind["expense"]])
    whole = equity.total + all_years
    return BalanceSheet(
        on,
        _currency(),
        assets,
        liabilities,
        equity,
        earlier_result=all_years - current,
        current_result=current,
        total_equity=whole,
        difference=assets.total - liabilities.total - whole,
    )


def aged_receivables(*, on: date) -> AgedReceivables:
    """What every customer owed at the end of a day, by how long it had been due then."""
    settled = (
        Allocation.objects.filter(invoice=OuterRef("pk"), allocated_on__lte=on)
        .values("invoice")
        .annotate(amount=Sum("amount"))
        .values("amount")
    )
    owed = (
        Invoice.objects.invoices()
        .filter(issued_on__lte=on)
        .annotate(owed=F("total") - Coalesce(Subquery(settled), NOTHING))
        .filter(owed__gt=0)
        .values("customer_id", "customer__name")
        .annotate(
            not_due=_sum("owed", Q(due_on__gte=on)),
            days_1_30=_sum("owed", _overdue(on, 1, 30)),
            days_31_60=_sum("owed", _overdue(on, 31, 60)),
            days_61_90=_sum("owed", _overdue(on, 61, 90)),
            over_90=_sum("owed", Q(due_on__lt=on - timedelta(days=90))),
            all=_sum("owed"),
        )
        .order_by("-all", "customer__name", "customer_id")
    )
    rows = tuple(
        Aged(
            row["customer_id"],
            row["customer__name"],
            row["not_due"],
            row["days_1_30"],
            row["days_31_60"],
            row["days_61_90"],
            row["over_90"],
            row["all"],
        )
        for row in owed
    )
    total = Aged(
        0,
        "",
        _total(row.not_due for row in rows),
        _total(row.days_1_30 for row in rows),
        _total(row.days_31_60 for row in rows),
        _total(row.days_61_90 for row in rows),
        _total(row.over_90 for row in rows),
        _total(row.total for row in rows),
    )
    return AgedReceivables(on, _currency(), rows, total)


def balance_of(purpose: str, *, on: date | None = None, party: Party | None = None) -> Decimal:
    """The balance of the account used for something, debit positive; as of a day, and of one party, when told."""
    days = DayBalance.objects.filter(account__purpose=purpose)
    lines = JournalLine.objects.filter(account__purpose=purpose, party=party)
    if on is not None:
        days, lines = days.filter(day__lte=on), lines.filter(entry__entry_date__lte=on)
    rows, amount = (days, _sum(MOVED)) if party is None else (lines, _sum("base_amount"))
    found: Decimal = rows.aggregate(amount=amount)["amount"]
    return found


def fiscal_year_start(day: date) -> date:
    """The first day of the fiscal year a day lies in."""
    return once(("fiscal year", day), lambda: _fiscal_year_start(day))


def _fiscal_year_start(day: date) -> date:
    known = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    if known:
        return known.starts_on
    month = Company.objects.current().fiscal_year_start_month
    return date(day.year - (day.month < month), month, 1)


def _amounts(*, start: date | None, end: date) -> list[Moved]:
    days = seen_now(DayBalance.objects.all()).filter(day__lte=end)
    if start is not None:
        days = days.filter(day__gte=start)
    found = days.values_list("account_id", "account__code", "account__name", "account__kind", "account__purpose")
    return [Moved(*row) for row in found.annotate(amount=Sum(MOVED)).exclude(amount=0).order_by("account__code")]


def _section(rows: Iterable[Moved], sign: int = 1) -> Section:
    done = tuple(Amount(row.account_id, row.code, row.name, sign * row.amount) for row in rows)
    return Section(done, _total(row.amount for row in done))


def _sum(field: str | Combinable, condition: Q | None = None) -> Expression:
    return Coalesce(Sum(field, filter=condition), NOTHING)


def _overdue(on: date, least: int, most: int) -> Q:
    return Q(due_on__lte=on - timedelta(days=least), due_on__gte=on - timedelta(days=most))


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _currency() -> str:
    currency: str = Company.objects.current().currency
    return currency
