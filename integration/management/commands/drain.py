"""``manage.py drain``: run what is ready, deliveries, background jobs and outgoing mail, without Celery and without Redis."""

from typing import Any

from django.core.management.base import BaseCommand

from core.effects.models import Effect
from core.events.models import Delivery
from core.jobs.worker import work_jobs
from integration import delivery, memory
from integration.effects import send_effects


class Command(BaseCommand):
    """Run every delivery and every job that is ready."""

    help = "Run every delivery and every background job that is ready, here and now. Needs neither Redis nor a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain, then say what is left."""
        while memory.publish_due():
            pass
        drained = delivery.drain()
        jobs = work_jobs()
        if jobs:  # an import publishes, too
            after = delivery.drain()
            drained.done, drained.retried, drained.dead = (
                drained.done + after.done,
                drained.retried + after.retried,
                drained.dead + after.dead,
            )
        outside, webhooks = send_effects(), send_effects(Effect.Kind.WEBHOOK)
        self.stdout.write(
            f"{drained.done} done, {drained.retried} to be retried, {drained.dead} dead; "
            f"{Delivery.objects.on_its_way().count()} waiting and {Delivery.objects.dead().count()} dead in all; "
            f"{outside.sent + webhooks.sent} messages sent, {outside.retried + webhooks.retried} to be retried, "
            f"{outside.failed + webhooks.failed} failed; {jobs} jobs run."
        )
