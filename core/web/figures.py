"""How Satu writes figures and moments for a person: by their language and the company's country."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_date_format
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from core import clock
from core.web.house import house

MINUS = "−"
BILLION = Decimal(10) ** 9
SHORT_RUPIAH = ((Decimal(10) ** 12, "T"), (BILLION, "M"), (Decimal(10) ** 6, "jt"), (Decimal(10) ** 3, "rb"))


@lru_cache(maxsize=32)
def _locale(language: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


@lru_cache(maxsize=64)
def _decimal(pattern: str) -> NumberPattern:
    return parse_pattern(pattern)


def locale() -> Locale:
    """The locale figures are written in: the person's language as it is used in the company's country."""
    return _locale((get_language() or "en").partition("-")[0], house().country)


def _signed(text: str, negative: bool) -> str:
    return f"{MINUS}{text}" if negative else text


def symbol(currency: str) -> str:
    """The sign of a currency with the space that belongs after it (Rp, but $)."""
    sign = get_currency_symbol(currency, locale=locale()) if currency else ""
    return f"{sign}\N{NO-BREAK SPACE}" if sign and sign[-1].isalpha() else sign


def money(amount: Decimal | None, currency: str = "", *, plain: bool = False, cents: bool = False) -> str:
    """An amount in full. Rupiah show cents only when there are any, or when ``cents`` wants the figures of a column to line up.
    ``plain`` leaves the currency's sign away."""
    if amount is None:
        return ""
    digits = get_currency_precision(currency) if currency else 2
    rounded = round(Decimal(amount), digits)
    if currency == "IDR" and not cents and rounded == rounded.to_integral_value():
        digits = 0
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    text = format_decimal(abs(rounded), format=_decimal(pattern), locale=locale())
    return _signed(text if plain else symbol(currency) + text, rounded < 0)


def short_money(amount: Decimal | None, currency: str = "") -> str:
    """An amount as cards and boards show it: Rp 1,01 M, Rp 205 jt, $1.2M."""
    if amount is None:
        return ""
    amount = Decimal(amount)
    size = abs(amount)
    if size < 1000:
        return money(amount, currency)
    if currency == "IDR":
        for step, name in SHORT_RUPIAH:
            if size >= step:
                pattern = "#,##0.00" if step >= BILLION else "#,##0.##" if size < 10 * step else "#,##0.#" if size < 100 * step else "#,##0"
                text = format_decimal(size / step, format=_decimal(pattern), locale=locale())
                return _signed(f"{symbol(currency)}{text}\N{NO-BREAK SPACE}{name}", amount < 0)
    text = format_compact_currency(size, currency or "XXX", locale=locale(), fraction_digits=1)
    return _signed(text.replace("¤", "").strip(), amount < 0)


def quantity(value: Decimal | float | None, unit: str = "") -> str:
    """A quantity without needless zeros, with its unit when given."""
    if value is None:
        return ""
    number = Decimal(value)
    text = _signed(format_decimal(abs(number), format="#,##0.######", locale=locale()), number < 0)
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def percent(fraction: Decimal | float | None) -> str:
    """A share between 0 and 1 as a percentage."""
    return "" if fraction is None else f"{quantity(round(Decimal(fraction) * 100, 2))}\N{NO-BREAK SPACE}%"


def typed(value: Decimal | None) -> str:
    """A number as it stands in an entry field: grouped, with the person's decimal sign. Below a thousand with four decimals instead of
    three, because ``core.web.entry`` refuses 1,234: it might have been meant as 1234."""
    if value is None:
        return ""
    number = Decimal(value)
    whole, point, part = f"{abs(number).normalize():f}".partition(".")
    looks_grouped = len(part) == 3 and len(whole) <= 3 and whole != "0"
    grouped = f"{int(whole):,}".replace(",", get_group_symbol(locale()))
    sign = "-" if number < 0 else ""
    return sign + grouped + (get_decimal_symbol(locale()) if point else "") + part + ("0" if looks_grouped else "")


def months_first() -> bool:
    """Whether people here write the month before the day (12/31/2026)."""
    pattern = get_date_format("short", locale=locale()).pattern
    return pattern.lower().find("m") < pattern.lower().find("d")


def typed_day(value: date) -> str:
    """A day as it stands in an entry field: 31/12/2026, where months come first 12/31/2026."""
    return f"{value:%m/%d/%Y}" if months_first() else f"{value:%d/%m/%Y}"


def typed_moment(value: datetime) -> str:
    """A moment as it stands in an entry field, by the person's clock: 31/12/2026 14:30."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{typed_day(local.date())} {local:%H:%M}"


def day(value: date | None, *, year: bool | None = None) -> str:
    """A date, with the year only when it is not this one."""
    if value is None:
        return ""
    with_year = value.year != clock.today().year if year is None else year
    return format_date(value, "d MMM yyyy" if with_year else "d MMM", locale=locale())


def relative_day(value: date | None, today: date | None = None) -> str:
    """A date near today (the company's, unless another is given) in words (today, yesterday, in 3 days), else the date."""
    if value is None:
        return ""
    away = (value - (today or clock.today())).days
    if away in {0, 1, -1}:
        return {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}[away]
    if 1 < away < 7:
        return ngettext("in %(n)s day", "in %(n)s days", away) % {"n": away}
    if -7 < away < -1:
        return ngettext("%(n)s day ago", "%(n)s days ago", -away) % {"n": -away}
    return day(value)


def relative_moment(value: datetime | None) -> str:
    """A moment under a week away in words, else its date."""
    if value is None:
        return ""
    passed = clock.now() - value
    if timedelta(0) <= passed < timedelta(minutes=1):
        return gettext("just now")
    if timedelta(0) <= passed < timedelta(hours=1):
        return gettext("%(n)s min ago") % {"n": int(passed.total_seconds() // 60)}
    local, today = timezone.localtime(value), clock.here()
    if timedelta(0) <= passed < timedelta(hours=12) and local.date() == today:
        return gettext("%(n)s h ago") % {"n": int(passed.total_seconds() // 3600)}
    away = (local.date() - today).days
    clock_time = format_time(local, "HH:mm", locale=locale())
    if away in {0, -1}:
        return f"{gettext('today') if away == 0 else gettext('yesterday')} {clock_time}"
    return relative_day(local.date(), today)


def moment(value: datetime | None) -> str:
    """The exact moment, for titles and histories."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{format_date(local.date(), 'd MMM yyyy', locale=locale())} {format_time(local, 'HH:mm:ss', locale=locale())}"


def day_and_time(value: datetime) -> str:
    """A moment to keep: its day and its time by the person's clock."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {format_time(local, 'HH:mm', locale=locale())}"


def local_hour(value: datetime) -> int:
    """The hour of the day where the person is."""
    return timezone.localtime(value).hour


def month(value: date) -> str:
    """A month as a chart names it, with the year only when it is not this one."""
    return format_date(value, "LLL" if value.year == clock.today().year else "LLL yy", locale=locale())


def weekday(value: date) -> str:
    """A weekday, short."""
    return format_date(value, "ccc", locale=locale())


def long_day(value: date) -> str:
    """A date with its weekday, for the head of a page."""
    return format_date(value, "EEEE d MMMM", locale=locale())
