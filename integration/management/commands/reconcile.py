"""``manage.py reconcile``: recompute every derived figure, write down and tell what drifted."""

from typing import Any

from django.core.management.base import BaseCommand

from integration.models import Drift
from integration.reconciling import reconcile


class Command(BaseCommand):
    """One cycle of the reconciler, which the clock runs each hour."""

    help = "Recompute every derived figure from its source; write down what drifted and tell the operators. Repairs nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look once, then name everything that stands."""
        cycle = reconcile()
        for drift in Drift.objects.standing().order_by("pk"):
            self.stdout.write(f"{drift.row}: {drift.rule}: {drift.message}")
        self.stdout.write(f"{cycle.new} new, {cycle.standing} standing, {cycle.cleared} gone.")
