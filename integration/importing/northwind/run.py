"""The import as a whole."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from backoffice.finance.operations import open_fiscal_year
from core.errors import Refused
from core.events.publishing import quietly
from core.imports.importer import Report
from core.imports.mapping import Problem
from core.parties.models import Company
from core.people.models import User
from integration.founding import found
from integration.importing.northwind.master_data import import_master_data
from integration.importing.northwind.orders import read_orders
from integration.importing.northwind.replay import Replayed, receive_opening_stock, replay, retire_discontinued
from integration.importing.northwind.source import CURRENCY, YEARS, Progress, silent


class OtherBooks(Refused):
    """The database keeps another company's books."""


@dataclass
class Outcome:
    """What the import did: a report per kind of row, and how many orders went through each stage this time."""

    reports: dict[str, Report] = field(default_factory=dict)
    replayed: Replayed = field(default_factory=Replayed)

    @property
    def problems(self) -> list[Problem]:
        """Every row that was not taken, file by file."""
        return [problem for report in self.reports.values() for problem in report.problems]


def import_northwind(folder: Path, *, by: User, dry: bool = False, progress: Progress = silent) -> Outcome:
    """Import the master data of ``folder`` and replay its orders. ``dry`` says what would be refused and takes everything back."""
    with quietly(), transaction.atomic() if dry else nullcontext():
        _found_the_company(by)
        outcome = Outcome(import_master_data(folder, by=by, progress=progress))
        orders, reports = read_orders(folder)
        outcome.reports |= reports
        if dry:
            transaction.set_rollback(True)
            return outcome
        receive_opening_stock(folder, orders, by=by)
        outcome.replayed = replay(orders, by=by, progress=progress)
        retire_discontinued(folder, by=by)
    return outcome


def _found_the_company(by: User) -> None:
    company = Company.objects.first()
    if company is None:
        found(
            name="Northwind Traders",
            country="US",
            currency=CURRENCY,
            chart="general",
            first_year=date(YEARS[0], 1, 1),
            time_zone="America/Los_Angeles",
            by=by,
        )
        for year in YEARS[1:]:
            open_fiscal_year(date(year, 1, 1), by=by)
    elif company.currency != CURRENCY:
        raise OtherBooks(
            f"This database keeps its books in {company.currency}; Northwind's are in {CURRENCY}.",
            fix="Import it into an empty database: python3 manage.py up --fresh --no-demo, or another DATABASE_URL.",
        )
