"""``manage.py drain``: run what is ready, without Celery and without Redis."""

from typing import Any

from django.core.management.base import BaseCommand

from core.events.models import Delivery
from integration import delivery


class Command(BaseCommand):
    """Run every delivery that is ready."""

    help = "Run every delivery that is ready, here and now. Needs neither Redis nor a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain, then say what is left."""
        drained = delivery.drain()
        left = Delivery.objects.unfinished()
        self.stdout.write(
            f"{drained.done} done, {drained.retried} to be retried, {drained.dead} dead; "
            f"{left.exclude(status='dead').count()} waiting and {left.dead().count()} dead in all."
        )
