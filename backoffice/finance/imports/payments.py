"""Payments of customers, from files."""

from dataclasses import replace

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.imports.accounts import account_called
from backoffice.finance.models import Allocation, Invoice, Payment
from backoffice.finance.operations import register_payment, void_payment
from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, choice, day, positive, record, up_to
from core.money import ZERO
from core.parties.imports import CURRENCY, CUSTOMER
from core.people.models import User


class WhoPaid(Refused):
    """Money comes from somebody."""


def invoice_numbered(cell: str) -> Invoice | None:
    """An invoice by its number."""
    return Invoice.objects.invoices().filter(number__iexact=cell).select_related("customer").first()


def known_payment(facts: Facts) -> Payment | None:
    """The payment of this customer on that day, of that amount and reference."""
    customer = facts.get("customer") or (facts["invoice"].customer if facts.get("invoice") else None)
    alike = {name: facts[name] for name in ("received_on", "amount")}
    return Payment.objects.standing().filter(customer=customer, reference=facts.get("reference") or "", **alike).order_by("pk").first()


def take_in(facts: Facts, by: User) -> Payment:
    """Money that came in, for the invoice it names, else for the oldest; what is left is the customer's credit."""
    facts = dict(facts)
    invoice: Invoice | None = facts.pop("invoice", None)
    customer = facts.pop("customer", None) or (invoice.customer if invoice else None)
    if customer is None:
        raise WhoPaid(_now("Whose payment is it?"), fix=_now("Name the customer, or the invoice it pays."), field="customer")
    facts.pop("currency", None)
    amount = facts.pop("amount")
    told = None
    if invoice is not None:
        if invoice.customer_id == customer.pk and not invoice.residual:
            raise WhoPaid(_now("Nothing is open on %(invoice)s.") % {"invoice": invoice}, field="invoice")
        told = [(invoice, min(amount, invoice.residual))]
    try:
        return register_payment(customer, amount, invoices=told, by=by, **facts)
    except Refused as refusal:
        refusal.field = "invoice" if refusal.field == "invoices" else refusal.field
        raise


def void(payment: Payment, by: User) -> None:
    """Take it back on the day it came, or the last day it settled something."""
    days = Allocation.objects.filter(payment=payment).values_list("allocated_on", flat=True)
    void_payment(payment, on=max([payment.received_on, *days]), reason=_now("taken back with its import"), by=by)


provide(
    ImportKind(
        "finance.payment",
        _("Payments"),
        Payment,
        permission="finance.register_payment",
        columns=(
            replace(
                CUSTOMER, required=False, default=None, help=_("Its code, or its name when only one has it. Empty: whose the invoice is.")
            ),
            Column(
                "received_on",
                _("Received on"),
                day,
                required=True,
                synonyms=("date", "payment date", "tanggal", "tanggal bayar", "tgl bayar", "tanggal terima"),
                example="15/01/2026",
            ),
            Column(
                "amount",
                _("Amount"),
                positive,
                required=True,
                synonyms=("paid", "payment", "jumlah", "nilai", "jumlah bayar", "kredit"),
                example="5000000",
            ),
            Column(
                "invoice",
                _("Invoice"),
                record(invoice_numbered, _("invoice")),
                default=None,
                synonyms=("invoice number", "invoice no", "faktur", "no faktur", "nomor faktur", "no invoice"),
                example="F-2025-0815",
                help=_("The number of the invoice it pays. Empty: it pays the oldest ones first."),
            ),
            Column(
                "method",
                _("Method"),
                choice(Payment.Method.choices, bank="transfer", kartu="card", tunai="cash", kas="cash", lainnya="other"),
                default=Payment.Method.TRANSFER,
                synonyms=("payment method", "cara bayar", "metode"),
                example="transfer",
                choices=Payment.Method.choices,
            ),
            Column(
                "account",
                _("Received on account"),
                record(account_called, _("account")),
                default=None,
                synonyms=("account", "bank account", "akun", "kode akun", "akun bank"),
                help=_("The code of a bank or cash account. Empty: the usual one."),
            ),
            Column(
                "reference",
                _("Reference"),
                up_to(80),
                synonyms=("description", "referensi", "no referensi", "keterangan", "berita"),
                example="TRX 4711",
                help=_("Payments of one customer, day and amount are told apart by it."),
            ),
            CURRENCY,
        ),
        keys=("customer", "invoice", "received_on", "amount", "reference"),
        together=True,
        find=known_payment,
        create=take_in,
        cells=lambda payment: {"unallocated": cell_of(payment.unallocated or ZERO)},
        remove=void,
        kept_as=_("Voided: what was posted stays in the books, its opposite beside it."),
        lists=("finance:payments",),
        icon="banknote",
        hint=_("Money customers paid, with the invoice it is for or without."),
    )
)
