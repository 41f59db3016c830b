"""Numbers for documents: gapless per sequence and fiscal year."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from core.db import COUNTER
from core.errors import Refused


class Counter(models.Model):
    """The last number given out in a sequence and year. Its row is locked from the taking to the commit."""

    LOCK_RANK: ClassVar[int] = COUNTER

    sequence = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sequence", "year"], name="one_counter_per_sequence_and_year")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.year}: {self.last}"


class NoCompany(Refused):
    """Nothing can be numbered before the company exists, because it decides the fiscal year."""

    title = _("No company yet")


NUMBER = """
    INSERT INTO core_counter (sequence, year, last)
    SELECT %s, extract(year FROM %s::date - make_interval(months => fiscal_year_start_month - 1)), 1
    FROM parties_company
    ON CONFLICT (sequence, year) DO UPDATE SET last = core_counter.last + 1
    RETURNING year, last
"""
"""Takes the next number of a sequence on a day, and holds the counter until the commit. Nothing when there is no company."""


@dataclass(frozen=True)
class NextNumber:
    """The number a document is to get when it is written: the next of ``sequence`` in the fiscal year of ``on``."""

    sequence: str
    prefix: str
    on: date


def next_number(sequence: str, *, prefix: str, on: date) -> str:
    """The next number of a sequence in the fiscal year of ``on``, e.g. ``SO/2026/00001``.

    Gapless: the number is taken back when the transaction rolls back. Call it last in the transaction, just before
    ``publish``, so that the counter is held for as short as can be. A fiscal year is named after the year it starts in.
    """
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [sequence, on])
        row = cursor.fetchone()
    if row is None:
        raise no_company()
    year, number = row
    return f"{prefix}/{year}/{number:05d}"


def no_company() -> NoCompany:
    """The refusal when nothing can be numbered."""
    return NoCompany(_("There is no company in this database yet."), fix=_("Run: python3 manage.py found_company"))
