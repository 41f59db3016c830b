"""``manage.py verify``: does everything that must always hold, hold?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integration.verification import violations


class Command(BaseCommand):
    """Check every invariant of the database and name the first row that breaks each."""

    help = "Check every invariant of this database: ledger, stock, numbers, open items. Changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every violation; end with an error when there is one."""
        found = 0
        for violation in violations():
            found += 1
            self.stdout.write(f"{violation.rule}: {violation.where}: {violation.message}")
        if found:
            raise CommandError(f"{found} of the rules above are broken.")
        self.stdout.write("Everything holds.")
