"""What finance says of persons: the books are kept as the law wants them, about whoever the party is then called."""

from backoffice.finance.models import Invoice, JournalEntry, JournalLine, Payment
from core.guards import ERASED
from core.privacy.registry import Personal

BOOKS = "the books are kept by law"

PERSONAL = (
    Personal(
        JournalEntry,
        rows=lambda whom: JournalEntry.objects.filter(pk__in=JournalLine.objects.filter(party=whom.party_id).values("entry")),
        wipe={"memo": ERASED},
    ),
    Personal(Invoice, rows=lambda whom: Invoice.objects.filter(customer=whom.party_id), keep={"memo": BOOKS}),
    Personal(Payment, rows=lambda whom: Payment.objects.filter(customer=whom.party_id), keep={"reference": BOOKS}),
    Personal(JournalLine, rows=lambda whom: JournalLine.objects.filter(party=whom.party_id), keep={"memo": BOOKS}),
)
NOT_PERSONAL = {
    "finance.Account": "code name",
    "finance.Journal": "code name",
    "finance.Tax": "code name",
    "finance.Invoice": "number order_number currency",
    "finance.InvoiceLine": "description",
    "finance.FiscalYear": "name",
    "finance.Period": "name",
    "finance.JournalEntry": "number source_kind source_number",
    "finance.JournalLine": "currency",
    "finance.Payment": "number currency",
    "finance.Allocation": "reason",
    "finance.PaymentVoided": "reason",
    **dict.fromkeys(("finance.FiscalYearOpened", "finance.PeriodClosed", "finance.PeriodReopened"), "name"),
}
