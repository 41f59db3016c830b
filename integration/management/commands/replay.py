"""``manage.py replay``: the past, for a handler that was added later."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.errors import Refused
from integration import delivery


class Command(BaseCommand):
    """Carry past records to a handler that never got them."""

    help = "Make deliveries of past events for a handler that was added later. What it has had already is never run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which handler, which span, and whether only to count."""
        parser.add_argument("handler", help="its name, e.g. order_to_cash.reserve_the_goods")
        parser.add_argument("--since", type=_moment, help="only what happened from then on, e.g. 2026-01-31 or 2026-01-31T08:00:00+07:00")
        parser.add_argument("--until", type=_moment, help="only what happened before")
        parser.add_argument("--dry-run", action="store_true", help="only say how many deliveries would be made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them; workers run them."""
        dry = options["dry_run"]
        try:
            count = delivery.replay(options["handler"], since=options["since"], until=options["until"], dry_run=dry)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} {'delivery' if count == 1 else 'deliveries'} {'would be made' if dry else 'made'}.")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
