"""``manage.py load_demo``: a year of a living company, through the real operations."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from core.parties.models import Company
from integration.demo.year import DAYS, Year


class Command(BaseCommand):
    """Load the demo company into an empty database."""

    help = "Load the demo company: a year of business of PT Nusantara Maju, lived through the real operations."

    def handle(self, *args: Any, **options: Any) -> None:
        """Live the year, showing how far it is."""
        if not settings.TRYING:
            raise CommandError(
                "The demo's passwords are known to everybody: it is loaded where one tries Satu. Set SATU_DEMO=1, or leave it."
            )
        company = Company.objects.first()
        if company is not None:
            raise CommandError(f"This database keeps the books of {company} already. Use an empty one: python3 manage.py up --fresh")
        year = Year()
        with Progress(
            TextColumn("  Living a year of business"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), transient=True
        ) as bars:
            task = bars.add_task("year", total=DAYS)

            def far(moment: datetime) -> None:
                bars.update(task, completed=(moment - year.start).days)

            year.live(after_each=far)
