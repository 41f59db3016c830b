"""Open invoices of the system a company comes from, from files."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Invoice, JournalEntry
from backoffice.finance.operations import carry_invoice_over, credit_invoice
from core.errors import Refused
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import day, positive, up_to
from core.parties.imports import CURRENCY, CUSTOMER
from core.people.models import User


class PaidMeanwhile(Refused):
    """What was settled is not taken back by itself."""


def carry_over(facts: Facts, by: User) -> Invoice:
    """An invoice of the earlier system, as far as it is open."""
    facts = dict(facts)
    return carry_invoice_over(facts.pop("customer"), by=by, **facts)


def credit_back(invoice: Invoice, by: User) -> None:
    """Credit it on the day it was posted, so that the opening balances are as if it had never come."""
    if invoice.residual != invoice.total:
        raise PaidMeanwhile(
            _now("%(invoice)s is settled, in whole or in part.") % {"invoice": invoice},
            fix=_now("Take back what settled it, then revert again."),
        )
    entry = JournalEntry.objects.of("finance.invoice", invoice.pk).get(reverses=None)
    credit_invoice(invoice, credit_on=entry.entry_date, reason=_now("taken back with its import"), by=by)


provide(
    ImportKind(
        "finance.invoice",
        _("Open invoices"),
        Invoice,
        permission="finance.issue_invoice",
        columns=(
            Column(
                "number",
                _("Invoice number"),
                up_to(24),
                required=True,
                synonyms=("number", "invoice", "invoice no", "no faktur", "nomor faktur", "faktur", "no invoice", "nomor", "dokumen"),
                example="F-2025-0815",
                help=_("As it stands on the invoice the customer has; it is kept."),
            ),
            CUSTOMER,
            Column(
                "issued_on",
                _("Issued on"),
                day,
                required=True,
                synonyms=("invoice date", "issue date", "date", "tanggal", "tanggal faktur", "tgl faktur"),
                example="12/11/2025",
            ),
            Column(
                "due_on",
                _("Due on"),
                day,
                required=True,
                synonyms=("due date", "due", "jatuh tempo", "tanggal jatuh tempo", "tgl jatuh tempo"),
                example="12/12/2025",
            ),
            Column(
                "total",
                _("Total"),
                positive,
                required=True,
                synonyms=("amount", "invoice amount", "jumlah", "nilai faktur", "nilai"),
                example="15000000",
                help=_("What the invoice came to, with tax, in the currency of the books."),
            ),
            Column(
                "open_amount",
                _("Open amount"),
                positive,
                default=None,
                synonyms=("open", "balance", "balance due", "outstanding", "sisa", "sisa tagihan", "saldo", "belum dibayar"),
                example="5000000",
                help=_("What is still to be paid of it. Empty: all of it."),
            ),
            Column(
                "posted_on",
                _("Opening day"),
                day,
                required=True,
                synonyms=("as of", "opening date", "cut off", "per tanggal", "tanggal saldo awal"),
                example="01/01/2026",
                help=_("The day your books were opened. It is posted then, against the opening balances."),
            ),
            CURRENCY,
        ),
        keys=("number",),
        find=lambda facts: Invoice.objects.filter(number__iexact=facts["number"]).first(),
        create=carry_over,
        by_cells=True,
        remove=credit_back,
        kept_as=_("Credited: what was posted stays in the books, and its number is free again."),
        lists=("finance:invoices",),
        icon="receipt-text",
        hint=_("What customers still owed when your books were opened. They are told, reminded and paid like invoices of your own."),
    )
)
