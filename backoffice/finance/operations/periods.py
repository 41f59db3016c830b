"""Fiscal years and periods: opened, closed, reopened."""

from datetime import date, timedelta
from itertools import pairwise

from django.utils import formats
from django.utils.translation import gettext as _

from backoffice.finance.events import FiscalYearOpened, PeriodClosed, PeriodReopened
from backoffice.finance.models import FiscalYear, Period
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.models import Company
from core.people.models import User
from core.reference import copied, reference


class WrongStart(Refused):
    """A fiscal year starts on the first day of the month the company chose."""


class NoPeriod(Refused):
    """The books have no period for a day."""


class PeriodIsClosed(Refused):
    """The books of that period are closed."""


def open_fiscal_year(start: date, *, by: User) -> FiscalYear:
    """Open twelve months of books from ``start``. Opening the same year again gives back the one there is."""
    first_month = Company.objects.current().fiscal_year_start_month
    with locked(by=by):
        known = FiscalYear.objects.filter(starts_on=start).first()
        if known:
            return known
        if (start.month, start.day) != (first_month, 1):
            raise WrongStart(
                _("A fiscal year cannot start on %(day)s: the company's years start in month %(month)d.")
                % {"day": formats.date_format(start), "month": first_month},
                fix=_("Choose %(day)s.") % {"day": formats.date_format(date(start.year, first_month, 1))},
                field="start",
            )
        starts = [_months_after(start, months) for months in range(13)]
        year = FiscalYear.objects.create(name=str(start.year), starts_on=start, ends_on=_day_before(starts[12]))
        Period.objects.bulk_create(
            Period(fiscal_year=year, name=f"{first:%Y-%m}", starts_on=first, ends_on=_day_before(following))
            for first, following in pairwise(starts)
        )
        publish(FiscalYearOpened(fiscal_year_id=year.pk, name=year.name, starts_on=year.starts_on, ends_on=year.ends_on))
    return year


def close_period(period: Period, *, by: User) -> Period:
    """Let nothing be posted into a period any more. Waits for whoever is posting into it now."""
    with locked(period, by=by) as period:
        period.move_to(Period.Status.CLOSED)
        publish(PeriodClosed(period_id=period.pk, name=period.name, starts_on=period.starts_on, ends_on=period.ends_on))
    return period


def reopen_period(period: Period, *, by: User) -> Period:
    """Let a closed period take postings again."""
    with locked(period, by=by) as period:
        period.move_to(Period.Status.OPEN)
        publish(PeriodReopened(period_id=period.pk, name=period.name, starts_on=period.starts_on, ends_on=period.ends_on))
    return period


def period_for(day: date) -> Period:
    """The open period of a day; refuses, with the way out, when there is none or it is closed."""
    period = next((period for period in reference("periods", _periods) if period.starts_on <= day <= period.ends_on), None)
    if period is None:
        raise NoPeriod(
            _("Nothing can be posted on %(day)s: the books have no period for it.") % {"day": formats.date_format(day)},
            fix=_("Choose another date, or open fiscal year %(year)s.") % {"year": _year_of(day)},
        )
    if not period.is_open:
        raise closed(period, day)
    return copied(period)


def _periods() -> tuple[Period, ...]:
    """Every period, the latest first: most is posted there."""
    return tuple(Period.objects.order_by("-starts_on"))


def closed(period: Period, day: date) -> PeriodIsClosed:
    """The refusal for a day in a closed period."""
    return PeriodIsClosed(
        _("Nothing can be posted on %(day)s: period %(period)s is closed.") % {"day": formats.date_format(day), "period": period.name},
        fix=_("Choose a date in an open period, or ask an accountant to reopen %(period)s.") % {"period": period.name},
    )


def _year_of(day: date) -> int:
    return day.year - (day.month < Company.objects.current().fiscal_year_start_month)


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
