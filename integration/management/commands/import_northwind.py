"""``manage.py import_northwind``: a real company's three years, imported and replayed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import Refused
from core.people.models import User
from integration.importing.northwind.run import Outcome, import_northwind

DEFAULT_FOLDER = settings.ROOT.parent / "shared" / "data" / "northwind"


class Command(BaseCommand):
    """Import Northwind from its CSV files and replay its orders."""

    help = "Import Northwind's CSV files and replay its orders through the real operations. Repeat it as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and whether it is only a rehearsal."""
        parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER, help="the folder with the CSV files")
        parser.add_argument("--dry-run", action="store_true", help="only say which rows would be refused, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import with a progress bar, then print every row that was not taken."""
        call_command("migrate", verbosity=0)
        bars = Progress(TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

        def progress(what: str, total: int) -> Callable[[], None]:
            task = bars.add_task(what, total=total)
            return lambda: bars.advance(task)

        try:
            with bars:
                outcome = import_northwind(options["folder"], by=User.objects.service(), dry=options["dry_run"], progress=progress)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(outcome)

    def _report(self, outcome: Outcome) -> None:
        for kind, report in outcome.reports.items():
            self.stdout.write(
                f"{kind}: {report.created} created, {report.changed} changed, {report.unchanged} unchanged, {len(report.problems)} refused"
            )
        done = outcome.replayed
        self.stdout.write(f"orders replayed now: {done.placed} placed, {done.shipped} delivered, {done.paid} paid")
        for problem in outcome.problems:
            self.stderr.write(str(problem))
