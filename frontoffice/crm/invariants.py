"""What must always hold for deals. Each rule names every row that breaks it; nothing is repaired."""

from collections.abc import Iterator

from django.db.models import Sum

from core.invariants import Violation
from frontoffice.crm.models import Deal


def invariants() -> Iterator[Violation]:
    """Every rule of the pipeline that does not hold."""
    yield from amounts_are_the_sum_of_the_lines()


def amounts_are_the_sum_of_the_lines() -> Iterator[Violation]:
    """A deal's amount is the sum of its lines, or the estimate while it has none."""
    sums = Deal.objects.annotate(offered=Sum("lines__amount")).order_by("pk")
    for pk, name, amount, estimate, offered in sums.values_list("pk", "name", "amount", "estimate", "offered"):
        expected = estimate if offered is None else offered
        if amount != expected:
            yield Violation(
                "deal amount = sum of its lines",
                f"crm.deal {pk}",
                f"{name} says {amount}, not {expected}",
                expected=str(expected),
                actual=str(amount),
            )
