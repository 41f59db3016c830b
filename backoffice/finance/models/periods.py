"""Fiscal years and their periods: when something can be posted."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.db import LEDGER, Stateful, Tracked
from core.guards import KEPT
from core.reference import REFERENCE


def _days() -> Func:
    return Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField())


class FiscalYear(Tracked):
    """Twelve months of books, named after the year they start in."""

    LOCK_RANK: ClassVar[int] = LEDGER

    name = models.CharField(_("name"), max_length=20, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta(Tracked.Meta):
        verbose_name = _("fiscal year")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_year_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            ExclusionConstraint(name="fiscal_years_never_overlap", expressions=[(_days(), RangeOperators.OVERLAPS)]),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, *KEPT]
        default_permissions = ("view",)
        permissions: ClassVar = [("open_fiscal_year", "Can open a fiscal year")]

    def __str__(self) -> str:
        return self.name


class PeriodQuerySet(models.QuerySet["Period"]):
    """Periods by when and whether they take postings."""

    def open(self) -> "PeriodQuerySet":
        """Those that take postings."""
        return self.filter(status=Period.Status.OPEN)

    def around(self, day: date) -> "PeriodQuerySet":
        """The one a day lies in."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Period(Stateful):
    """A month of books. Closing it and posting into it wait for each other on its row."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    MOVES: ClassVar = {Status.OPEN: (Status.CLOSED,), Status.CLOSED: (Status.OPEN,)}
    LOCK_RANK: ClassVar[int] = LEDGER

    fiscal_year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="periods", verbose_name=_("fiscal year"))
    name = models.CharField(_("name"), max_length=20, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    status = models.CharField(_("status"), max_length=6, choices=Status, default=Status.OPEN)

    objects = PeriodQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("period")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_period_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="a_period_is_open_or_closed", condition=Q(status__in=["open", "closed"])),
            ExclusionConstraint(name="periods_never_overlap", expressions=[(_days(), RangeOperators.OVERLAPS)]),
        ]
        triggers: ClassVar = [*Tracked.Meta.triggers, *KEPT, REFERENCE]
        default_permissions = ("view",)
        permissions: ClassVar = [("close_period", "Can close a period"), ("reopen_period", "Can reopen a period")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it takes postings."""
        return self.status == self.Status.OPEN
