"""Money and credit of customers: received, applied to invoices, taken back."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.finance.events import CreditApplied, InvoiceReopened, PaymentReceived, PaymentVoided
from backoffice.finance.models import Account, Allocation, Invoice, Journal, JournalEntry, Payment, Purpose
from backoffice.finance.operations.accounts import account_for, accounts_for
from backoffice.finance.operations.entries import Posting, Source, books_currency, check_amount, register_entry, source_of
from backoffice.finance.operations.settling import allocated, change_residual, now_paid, settle, take_off
from backoffice.finance.operations.telling import void_told
from core import clock
from core.approvals.held import held
from core.db import locked
from core.docflow.flow import came_of, link
from core.errors import Refused, Stale
from core.events.publishing import publish
from core.money import ZERO, round_money, written
from core.numbering import NextNumber
from core.parties.models import Party
from core.people.models import User
from core.writing import Part, write_whole


class WrongInvoice(Refused):
    """Money of one customer does not settle somebody else's invoice, nor a credit note."""


class TooMuch(Refused):
    """More is applied than is there, or than is open."""


class TooEarly(Refused):
    """Nothing settles an invoice before it is issued."""


class NothingOwed(Refused):
    """There is no invoice that the money could settle."""


class WrongAccount(Refused):
    """Money comes in on a bank or cash account."""


class TakenBack(Refused):
    """What is taken back once cannot be taken back twice."""


def register_payment(
    customer: Party,
    amount: Decimal,
    *,
    received_on: date,
    invoices: Sequence[tuple[Invoice, Decimal]] | None = None,
    method: str = Payment.Method.TRANSFER,
    account: Account | None = None,
    reference: str = "",
    by: User,
) -> Payment:
    """Note money a customer paid, and settle invoices with it: those given, else the oldest due first.

    What no invoice takes stays the customer's credit, a debt of ours, until it is applied. Only invoices issued by
    ``received_on`` are settled; with ``invoices=[]`` none is.
    """
    wanted = customer.invoices.invoices()
    chosen = wanted.open().filter(issued_on__lte=received_on)
    if invoices is not None:
        chosen = Invoice.objects.filter(pk__in=[invoice.pk for invoice, _amount in invoices])
    with locked(chosen, by=by) as rows:
        check_amount(amount)
        if account is None:
            account = account_for(Purpose.CASH if method == Payment.Method.CASH else Purpose.BANK)
        elif not Account.objects.for_money().filter(pk=account.pk).exists():
            raise WrongAccount(
                _("No money comes in on %(account)s.") % {"account": account}, fix=_("Choose a bank or cash account."), field="account"
            )
        applied = _oldest_first(rows, amount) if invoices is None else _as_told(rows, invoices, customer, amount, received_on)
        left = amount - sum((part for _invoice, part in applied), ZERO)
        payment = Payment(
            customer=customer,
            received_on=received_on,
            amount=amount,
            currency=books_currency(),
            unallocated=left,
            method=method,
            account=account,
            reference=reference[:80],
        )
        write_whole(
            payment,
            Part(allocated(applied, on=received_on), "payment"),
            came_of("finance.payment", *(("finance.invoice", invoice.pk, invoice.number, "is settled by") for invoice, _part in applied)),
            number=NextNumber("finance.payment", "PAY", received_on),
        )
        take_off(applied)
        against = accounts_for(Purpose.RECEIVABLE, Purpose.CUSTOMER_DEPOSITS)
        register_entry(
            kind=Journal.Kind.BANK,
            on=received_on,
            memo=f"{payment.number} {customer} {reference}".strip(),
            postings=(
                Posting(account_id=account.pk, amount=amount, party_id=customer.pk),
                Posting(account_id=against[Purpose.RECEIVABLE].pk, amount=left - amount, party_id=customer.pk),
                Posting(account_id=against[Purpose.CUSTOMER_DEPOSITS].pk, amount=-left, party_id=customer.pk),
            ),
            source=source_of(payment),
            by=by,
        )
        publish(
            PaymentReceived(
                payment_id=payment.pk,
                number=payment.number,
                customer_id=customer.pk,
                received_on=received_on,
                amount=amount,
                currency=payment.currency,
                unallocated=round_money(left, payment.currency),
            ),
            *now_paid([invoice for invoice, _part in applied], on=received_on),
        )
    return payment


def pay_invoice(invoice: Invoice, amount: Decimal, *, received_on: date, method: str, reference: str = "", by: User) -> Payment:
    """``register_payment`` for one invoice. What is paid beyond what is open on it stays the customer's credit."""
    part = min(amount, invoice.residual)
    told = [(invoice, part)] if part > 0 else []
    return register_payment(invoice.customer, amount, received_on=received_on, invoices=told, method=method, reference=reference, by=by)


def allocate_credit(credit: Payment | Invoice, invoice: Invoice, amount: Decimal, *, on: date | None = None, by: User) -> Allocation:
    """Settle (part of) an invoice with what is left of a payment or a credit note. Posted ``on``, today when not told."""
    day = on or clock.today()
    with _held(credit, invoice, by=by) as (credit, invoice):
        check_amount(amount)
        _check_invoice(invoice, credit.customer_id, amount, day)
        if amount > _left_of(credit):
            raise TooMuch(_("%(credit)s has only %(left)s left.") % {"credit": credit, "left": written(_left_of(credit))}, field="amount")
        if day < _date_of(credit):
            raise TooEarly(_("%(credit)s came after %(day)s.") % {"credit": credit, "day": formats.date_format(day)}, field="on")
        (allocation,) = _apply(credit, [(invoice, amount)], day=day, by=by)
    return allocation


def allocate_to_oldest(payment: Payment, *, on: date | None = None, by: User) -> Payment:
    """Settle what the customer owes, the oldest due first, with what is left of a payment. Posted ``on``, today when not told."""
    day = on or clock.today()
    owed = Invoice.objects.invoices().open().filter(customer=payment.customer_id, issued_on__lte=day)
    with locked(payment, owed, by=by) as (payment, invoices):
        if payment.unallocated <= 0:
            raise TooMuch(_("Nothing is left of %(payment)s.") % {"payment": payment})
        if day < payment.received_on:
            raise TooEarly(_("%(credit)s came after %(day)s.") % {"credit": payment, "day": formats.date_format(day)}, field="on")
        applied = _oldest_first(invoices, payment.unallocated)
        if not applied:
            raise NothingOwed(
                _("%(customer)s owes nothing.") % {"customer": payment.customer},
                fix=_("It stays their credit, and settles what they buy next."),
            )
        _apply(payment, applied, day=day, by=by)
    return payment


def deallocate(allocation: Allocation, *, reason: str, on: date | None = None, by: User) -> Allocation:
    """Take an allocation back: the invoice is open again by that much, and the money is the customer's credit again."""
    day = on or clock.today()
    with _held(allocation.source, allocation.invoice, by=by) as (credit, invoice):
        if allocation.reverses_id is not None or Allocation.objects.filter(reverses=allocation).exists():
            raise TakenBack(_("This allocation is taken back already."))
        if day < allocation.allocated_on:
            raise TooEarly(
                _("It was allocated on %(day)s.") % {"day": formats.date_format(allocation.allocated_on)},
                fix=_("Choose that day or a later one."),
                field="on",
            )
        return _taken_back(allocation, credit, invoice, day=day, reason=reason, by=by)


@held(
    "finance.void_payment",
    title=gettext_lazy("Void a payment"),
    needs="finance.approve_void",
    about="payment",
    tell=void_told,
    words="reason",
)
def void_payment(payment: Payment, *, reason: str, on: date | None = None, by: User) -> Payment:
    """Take a whole payment back: for money that never came. What it settled is open again, and the books take it off its account."""
    day = on or clock.today()
    live = Allocation.objects.filter(payment=payment, reverses=None, reversed_by=None).order_by("pk")
    with locked(payment, Invoice.objects.filter(pk__in=live.values("invoice")), by=by) as (payment, invoices):
        if payment.voided_on is not None:
            raise TakenBack(_("%(payment)s is voided already.") % {"payment": payment})
        allocations = list(live.all())
        if day < max([payment.received_on, *(allocation.allocated_on for allocation in allocations)]):
            raise TooEarly(_("It was received or allocated later than that."), fix=_("Choose a later date."), field="on")
        fresh = {invoice.pk: invoice for invoice in invoices}
        for allocation in allocations:
            if allocation.invoice_id not in fresh:
                raise Stale(_("%(payment)s was allocated meanwhile.") % {"payment": payment}, fix=_("Try again."))
            _taken_back(allocation, payment, fresh[allocation.invoice_id], day=day, reason=reason, by=by)
        payment.unallocated, payment.voided_on = ZERO, day
        payment.save(update_fields=["unallocated", "voided_on"])
        entry = JournalEntry.objects.of("finance.payment", payment.pk).get(reverses=None)
        register_entry(
            kind=Journal.Kind.BANK,
            on=day,
            memo=_("%(payment)s voided: %(reason)s") % {"payment": payment, "reason": reason},
            postings=(
                Posting(account_id=account_for(Purpose.CUSTOMER_DEPOSITS).pk, amount=payment.amount, party_id=payment.customer_id),
                Posting(account_id=payment.account_id, amount=-payment.amount, party_id=payment.customer_id),
            ),
            source=source_of(payment),
            by=by,
            reverses=entry,
        )
        publish(
            PaymentVoided(
                payment_id=payment.pk,
                number=payment.number,
                customer_id=payment.customer_id,
                voided_on=day,
                amount=payment.amount,
                currency=payment.currency,
                reason=reason,
            )
        )
    return payment


def _oldest_first(invoices: Sequence[Invoice], amount: Decimal) -> list[tuple[Invoice, Decimal]]:
    applied = []
    for invoice in sorted(invoices, key=lambda row: (row.due_on, row.issued_on, row.pk)):
        part = min(amount, invoice.residual)
        if part:
            applied.append((invoice, part))
            amount -= part
    return applied


def _as_told(
    rows: Sequence[Invoice], told: Sequence[tuple[Invoice, Decimal]], customer: Party, amount: Decimal, received_on: date
) -> list[tuple[Invoice, Decimal]]:
    fresh = {row.pk: row for row in rows}
    applied: dict[int, Decimal] = {}
    for invoice, part in told:
        check_amount(part)
        applied[invoice.pk] = applied.get(invoice.pk, ZERO) + part
    for pk, part in applied.items():
        _check_invoice(fresh[pk], customer.pk, part, received_on)
    whole = sum(applied.values(), ZERO)
    if whole > amount:
        raise TooMuch(
            _("%(whole)s is applied, but only %(amount)s came in.") % {"whole": written(whole), "amount": written(amount)},
            field="invoices",
        )
    return [(fresh[pk], part) for pk, part in applied.items()]


def _check_invoice(invoice: Invoice, customer_id: int, amount: Decimal, on: date) -> None:
    if invoice.customer_id != customer_id:
        raise WrongInvoice(
            _("%(invoice)s is not this customer's.") % {"invoice": invoice}, fix=_("Choose one of their own invoices."), field="invoices"
        )
    if invoice.is_credit_note:
        raise WrongInvoice(
            _("%(invoice)s is a credit note: it settles invoices, and is not settled itself.") % {"invoice": invoice}, field="invoices"
        )
    if amount > invoice.residual:
        raise TooMuch(
            _("Only %(open)s is open on %(invoice)s.") % {"open": written(invoice.residual), "invoice": invoice},
            fix=_("Apply less, and keep the rest as the customer's credit."),
            field="amount",
        )
    if on < invoice.issued_on:
        raise TooEarly(
            _("%(invoice)s was issued on %(day)s, after that.") % {"invoice": invoice, "day": formats.date_format(invoice.issued_on)},
            fix=_("Register the money as credit, and apply it from that day on."),
            field="invoices",
        )


def _apply(credit: Payment | Invoice, applied: Sequence[tuple[Invoice, Decimal]], *, day: date, by: User) -> list[Allocation]:
    """Settle invoices with credit, for an operation that holds them all."""
    whole = sum((amount for _invoice, amount in applied), ZERO)
    if isinstance(credit, Payment):
        _use(credit, whole)
        allocations = settle(applied, on=day, payment=credit)
    else:
        change_residual(credit, -whole)
        allocations = settle(applied, on=day, credit_note=credit)
    for allocation, (invoice, amount) in zip(allocations, applied, strict=True):
        _move_deposit(allocation, amount, memo=f"{credit.number} → {invoice.number}", by=by)
        _link(invoice, credit)
        publish(
            CreditApplied(
                invoice_id=invoice.pk,
                invoice_number=invoice.number,
                credit_number=credit.number,
                customer_id=invoice.customer_id,
                amount=amount,
                currency=invoice.currency,
            ),
            *now_paid([invoice], on=day),
        )
    return allocations


def _held(credit: Payment | Invoice, invoice: Invoice, *, by: User) -> AbstractContextManager[tuple[Payment | Invoice, Invoice]]:
    """Lock both. The same row twice would be a credit note settling itself: refused before."""
    if isinstance(credit, Invoice) and not credit.is_credit_note:
        raise WrongInvoice(_("%(credit)s is an invoice: only payments and credit notes settle.") % {"credit": credit})
    return locked(credit, invoice, by=by)


def _left_of(credit: Payment | Invoice) -> Decimal:
    left: Decimal = credit.unallocated if isinstance(credit, Payment) else credit.residual
    return left


def _date_of(credit: Payment | Invoice) -> date:
    return credit.received_on if isinstance(credit, Payment) else credit.issued_on


def _use(payment: Payment, amount: Decimal) -> None:
    payment.unallocated -= amount
    payment.save(update_fields=["unallocated"])


def _move_deposit(allocation: Allocation, amount: Decimal, *, memo: str, by: User) -> None:
    """Credit of a customer becomes settled receivable, or (negative) the other way round."""
    accounts = accounts_for(Purpose.RECEIVABLE, Purpose.CUSTOMER_DEPOSITS)
    party_id = allocation.invoice.customer_id
    register_entry(
        kind=Journal.Kind.GENERAL,
        on=allocation.allocated_on,
        memo=memo,
        postings=(
            Posting(account_id=accounts[Purpose.CUSTOMER_DEPOSITS].pk, amount=amount, party_id=party_id),
            Posting(account_id=accounts[Purpose.RECEIVABLE].pk, amount=-amount, party_id=party_id),
        ),
        source=Source(allocation._meta.label_lower, allocation.pk, allocation.invoice.number),
        by=by,
    )


def _link(invoice: Invoice, credit: Payment | Invoice) -> None:
    kind = credit._meta.label_lower
    link("finance.invoice", invoice.pk, invoice.number, kind, credit.pk, credit.number, relation="is settled by")


def _taken_back(allocation: Allocation, credit: Payment | Invoice, invoice: Invoice, *, day: date, reason: str, by: User) -> Allocation:
    """Write the opposite of an allocation, for an operation that holds its rows."""
    amount = allocation.amount
    was_paid = not invoice.residual
    change_residual(invoice, amount)
    if isinstance(credit, Payment):
        _use(credit, -amount)
    else:
        change_residual(credit, amount)
    reversal = Allocation.objects.create(
        invoice=invoice,
        payment_id=allocation.payment_id,
        credit_note_id=allocation.credit_note_id,
        amount=-amount,
        allocated_on=day,
        reverses=allocation,
        reason=reason[:200],
    )
    _move_deposit(reversal, -amount, memo=_("Taken back from %(invoice)s: %(reason)s") % {"invoice": invoice, "reason": reason}, by=by)
    if was_paid:
        publish(
            InvoiceReopened(
                invoice_id=invoice.pk,
                invoice_number=invoice.number,
                customer_id=invoice.customer_id,
                order_id=invoice.order_id,
                order_number=invoice.order_number,
                currency=invoice.currency,
                residual=round_money(invoice.residual, invoice.currency),
            )
        )
    return reversal
