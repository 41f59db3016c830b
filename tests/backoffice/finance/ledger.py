"""Reading the ledger in tests."""

from decimal import Decimal

from django.db.models import Model, Sum

from backoffice.finance.models import JournalEntry, JournalLine


def posted(document: Model) -> dict[str, Decimal]:
    """What a document posted, by the purpose of the account."""
    entry = JournalEntry.objects.of(document._meta.label_lower, document.pk).get()
    rows = entry.lines.values("account__purpose").annotate(amount=Sum("base_amount"))
    return {row["account__purpose"]: row["amount"] for row in rows}


def balances() -> dict[str, Decimal]:
    """The balance of every account that was posted to, by its purpose or else its code."""
    rows = JournalLine.objects.values("account__purpose", "account__code").annotate(amount=Sum("base_amount"))
    return {row["account__purpose"] or row["account__code"]: row["amount"] for row in rows}
