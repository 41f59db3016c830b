"""What must always hold in the books. Each rule names the rows that break it, or the first; nothing is repaired."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import CharField, Count, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Cast, Coalesce, Lag, RowNumber

from backoffice.finance.models import Allocation, DayBalance, Invoice, InvoiceLine, JournalEntry, JournalLine, Payment, Purpose
from backoffice.finance.reports import NOTHING, balance_of
from core.invariants import Violation
from core.money import ZERO
from core.numbering import Counter

MANY = 100
"""So many rows at most are named for one rule."""


def invariants() -> Iterator[Violation]:
    """Every rule of the books that does not hold."""
    yield from entries_balance()
    yield from entries_lie_in_their_period()
    yield from the_trial_balance_is_zero()
    yield from days_are_the_sum_of_their_lines()
    yield from documents_are_posted()
    yield from open_follows_from_allocations()
    yield from invoices_are_the_sum_of_their_lines()
    yield from receivable_is_what_invoices_leave_open()
    yield from deposits_are_what_customers_have_left()
    yield from numbers_have_no_gaps()


def entries_balance() -> Iterator[Violation]:
    """Every entry has two lines or more, and they add up to nothing in each currency and in the books."""
    thin = JournalEntry.objects.annotate(how_many=Count("lines")).filter(how_many__lt=2).order_by("pk")
    for number, how_many in thin.values_list("number", "how_many")[:1]:
        yield Violation("entries balance", f"finance.journalentry {number}", f"It has {how_many} line(s), not two or more.")
    in_currency = JournalLine.objects.values("entry__number", "currency").annotate(off=Sum("amount")).exclude(off=0).order_by("entry_id")
    in_books = JournalLine.objects.values("entry__number").annotate(off=Sum("base_amount")).exclude(off=0).order_by("entry_id")
    for row in (in_currency.first(), in_books.first()):
        if row:
            yield Violation(
                "entries balance",
                f"finance.journalentry {row['entry__number']}",
                f"It is off by {row['off']} {row.get('currency', '')}".strip(),
            )


def entries_lie_in_their_period() -> Iterator[Violation]:
    """The date of every entry lies in its period."""
    outside = JournalEntry.objects.exclude(entry_date__range=(F("period__starts_on"), F("period__ends_on"))).order_by("pk")
    for entry in outside.select_related("period")[:1]:
        yield Violation(
            "entries lie in their period", f"finance.journalentry {entry.number}", f"{entry.entry_date} is not in {entry.period.name}."
        )


def the_trial_balance_is_zero() -> Iterator[Violation]:
    """All lines add up to nothing."""
    off = JournalLine.objects.aggregate(off=Coalesce(Sum("base_amount"), NOTHING))["off"]
    if off:
        yield Violation("the trial balance is zero", "finance.journalline", f"All lines add up to {off}.")


def days_are_the_sum_of_their_lines() -> Iterator[Violation]:
    """What the database keeps of each account and day is what its lines come to."""
    lines = JournalLine.objects.values_list("account__code", "entry__entry_date").annotate(
        debits=Coalesce(Sum("base_amount", filter=Q(base_amount__gt=0)), NOTHING),
        credits=-Coalesce(Sum("base_amount", filter=Q(base_amount__lt=0)), NOTHING),
    )
    days = DayBalance.objects.values_list("account__code", "day").annotate(Sum("debit"), Sum("credit"))
    of_lines, kept = ({(code, day): moved for code, day, *moved in rows.order_by()} for rows in (lines, days))
    wrong = [day for day in sorted({*of_lines, *kept}) if of_lines.get(day) != kept.get(day)]
    for code, day in wrong[:MANY]:
        expected, actual = (" - ".join(map(str, moved.get((code, day), (ZERO, ZERO)))) for moved in (of_lines, kept))
        yield Violation(
            "a day's balance is the sum of its lines",
            f"finance.account {code} {day}",
            f"It says {actual}; its lines come to {expected}.",
            expected=expected,
            actual=actual,
        )


def documents_are_posted() -> Iterator[Violation]:
    """Every invoice, credit note and payment that is worth something has its entry."""
    for documents in (Invoice.objects.filter(total__gt=0), Payment.objects.all()):
        kind = documents.model._meta.label_lower
        missing = documents.exclude(pk__in=JournalEntry.objects.filter(source_kind=kind).values("source_id")).order_by("pk").first()
        if missing:
            yield Violation("documents are posted", f"{kind} {missing}", "It has no journal entry.")


def open_follows_from_allocations() -> Iterator[Violation]:
    """What is open on a document is its total less what was allocated."""
    checks = (
        (Invoice.objects.invoices(), "invoice", "total", "residual"),
        (Invoice.objects.credit_notes(), "credit_note", "total", "residual"),
        (Payment.objects.standing(), "payment", "amount", "unallocated"),
    )
    for documents, source, whole, left in checks:
        kind = documents.model._meta.label_lower
        used = Allocation.objects.filter(**{source: OuterRef("pk")}).values(source).annotate(used=Sum("amount")).values("used")
        wrong = documents.annotate(follows=F(whole) - Coalesce(Subquery(used), NOTHING)).exclude(follows=F(left)).order_by("pk")
        for number, says, follows in wrong.values_list("number", left, "follows")[:MANY]:
            yield Violation(
                "open is total less allocated",
                f"{kind} {number}",
                f"It says {says} is open; its allocations leave {follows}.",
                expected=str(follows),
                actual=str(says),
            )


def invoices_are_the_sum_of_their_lines() -> Iterator[Violation]:
    """Net, tax and total of a document are those of its lines."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).values("invoice")
    wrong = Invoice.objects.annotate(
        of_net=Coalesce(Subquery(lines.annotate(whole=Sum("net")).values("whole")), NOTHING),
        of_tax=Coalesce(Subquery(lines.annotate(whole=Sum("tax")).values("whole")), NOTHING),
    ).exclude(of_net=F("net"), of_tax=F("tax"))
    for number, net, tax, of_net, of_tax in wrong.order_by("pk").values_list("number", "net", "tax", "of_net", "of_tax")[:MANY]:
        yield Violation(
            "an invoice is the sum of its lines",
            f"finance.invoice {number}",
            f"It says {net} + {tax}; its lines come to {of_net} + {of_tax}.",
            expected=f"{of_net} + {of_tax}",
            actual=f"{net} + {tax}",
        )


def receivable_is_what_invoices_leave_open() -> Iterator[Violation]:
    """The receivable account is the sum of open invoices, for each customer."""
    yield from _kept(
        "receivable is the sum of open invoices",
        Purpose.RECEIVABLE,
        _left(Invoice.objects.invoices(), "residual"),
        sign=1,
    )


def deposits_are_what_customers_have_left() -> Iterator[Violation]:
    """The deposits account is what is left of payments and credit notes, for each customer."""
    left = _left(Payment.objects.all(), "unallocated")
    for customer_id, amount in _left(Invoice.objects.credit_notes(), "residual").items():
        left[customer_id] = left.get(customer_id, ZERO) + amount
    yield from _kept("customer deposits are what is left of payments and credit notes", Purpose.CUSTOMER_DEPOSITS, left, sign=-1)


def numbers_have_no_gaps() -> Iterator[Violation]:
    """Every sequence counts 1, 2, 3 … in every year, and its counter stands at the last."""
    sequences: list[tuple[str, QuerySet[Invoice] | QuerySet[Payment] | QuerySet[JournalEntry]]] = [
        ("finance.invoice", Invoice.objects.invoices().filter(is_opening=False)),
        ("finance.credit_note", Invoice.objects.credit_notes()),
        ("finance.payment", Payment.objects.all()),
    ]
    journals = JournalEntry.objects.values_list("journal__code", flat=True).distinct().order_by("journal__code")
    sequences += [(f"finance.entry.{code}", JournalEntry.objects.filter(journal__code=code)) for code in journals]
    for sequence, documents in sequences:
        numbered = documents.annotate(year=_part(2), place=_part(3))
        gap = (
            numbered.annotate(before=Window(Lag("place", default=0), partition_by=F("year"), order_by=F("place").asc()))
            .annotate(nth=Window(RowNumber(), partition_by=F("year"), order_by=F("place").asc()))
            .exclude(place=F("nth"))
            .order_by("year", "place")
            .values_list("number", "before")[:1]
        )
        for number, before in gap:
            yield Violation(
                "numbers have no gaps", f"{documents.model._meta.label_lower} {number}", f"The number before it is {before:05d}."
            )
        counted = dict(Counter.objects.filter(sequence=sequence).values_list("year", "last"))
        given = dict(numbered.values_list("year").annotate(last=Max("place")).order_by("year"))
        for year in sorted({*counted, *given}):
            if counted.get(year) != given.get(year):
                yield Violation(
                    "numbers have no gaps",
                    f"core.counter {sequence} {year}",
                    f"The counter stands at {counted.get(year)}, the last number is {given.get(year)}.",
                )


def _kept(rule: str, purpose: str, documents: dict[int, Decimal], *, sign: int) -> Iterator[Violation]:
    """Whether an account that documents keep equals them, in whole and for each customer."""
    lines = JournalLine.objects.filter(account__purpose=purpose).values_list("party_id").annotate(amount=Sum("base_amount"))
    books = {party_id or 0: sign * amount for party_id, amount in lines}
    for party_id in sorted({*books, *documents}):
        in_books, in_documents = books.get(party_id, ZERO), documents.get(party_id, ZERO)
        if in_books != in_documents:
            where = f"parties.party {party_id}" if party_id else f"finance.account {purpose}"
            whole = sign * balance_of(purpose)
            yield Violation(
                rule,
                where,
                f"The books say {in_books}, the documents {in_documents} (the whole account: {whole}).",
                expected=str(in_documents),
                actual=str(in_books),
            )


def _left(documents: QuerySet[Invoice] | QuerySet[Payment], field: str) -> dict[int, Decimal]:
    """What is left of documents, by customer."""
    found: dict[int, Decimal] = dict(
        documents.filter(**{f"{field}__gt": 0}).values_list("customer_id").annotate(left=Sum(field)).order_by()
    )
    return found


def _part(place: int) -> Cast:
    """One part of a number such as INV/2026/00007, as an integer."""
    return Cast(Func(F("number"), Value("/"), Value(place), function="split_part", output_field=CharField()), IntegerField())
