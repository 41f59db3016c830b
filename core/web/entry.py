"""Reading figures and days as people type them: in the notation of their pages, or plainly; what could mean two things is refused.

The notation is that of ``figures.locale()``: the person's language as it is used in the company's country, so that what a page shows
can be typed back. In Indonesia that is 1.250.000,50 in both languages, in the United States 1,250,000.50.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _

from core import clock
from core.web import figures
from core.web.house import house

BLANK = re.compile(r"\s+")
GROUPED = {sign: re.compile(rf"(?!0)\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+") for sign in ".,"}
PARTED = {sign: re.compile(rf"\d+{re.escape(sign)}?\d*|{re.escape(sign)}\d+") for sign in ".,"}
TODAY_PLUS = 50  # a year of two digits lies at most this many years ahead


class Ambiguous(ValueError):
    """It could be a thousand times more or less; ``ways`` are the two clear ways to write it."""

    def __init__(self, text: str, ways: tuple[str, str]) -> None:
        super().__init__(text)
        self.ways = ways


def read_number(text: str) -> Decimal:
    """The number that was meant. Raises ValueError when there is none, Ambiguous when there are two.

    Two different signs: the last one is the decimal sign. One sign: the group sign of this notation groups (1.250), and is read as a
    decimal sign where it cannot group (12.5); the decimal sign is refused where it could have been meant to group (1,250).
    """
    bare, negative = _sign(_bare(text))
    point, group = get_decimal_symbol(figures.locale()), get_group_symbol(figures.locale())
    bare = bare if group in ".," else bare.replace(group, "")
    group = "." if point == "," else ","
    if point in bare and group in bare:
        amount = _two_signs(bare)
    elif GROUPED[group].fullmatch(bare):
        amount = Decimal(bare.replace(group, ""))
    elif GROUPED[point].fullmatch(bare):
        amount = Decimal(bare.replace(point, ""))
        if bare.count(point) == 1:
            raise Ambiguous(text.strip(), (bare.replace(point, ""), f"{bare}0"))
    elif PARTED[point].fullmatch(bare) or PARTED[group].fullmatch(bare):
        amount = Decimal(bare.replace(",", "."))
    else:
        raise ValueError(text)
    return -amount if negative else amount


def _two_signs(bare: str) -> Decimal:
    point = max(".,", key=bare.rfind)
    group = "." if point == "," else ","
    whole, _point, part = bare.rpartition(point)
    if not GROUPED[group].fullmatch(whole) or not part.isdecimal():
        raise ValueError(bare)
    return Decimal(f"{whole.replace(group, '')}.{part}")


def _bare(text: str) -> str:
    """Without blanks, without the sign of a currency, and without the dash of Rp 50.000,-."""
    said = BLANK.sub("", text).replace(figures.MINUS, "-").replace("'", "")
    said = re.sub(r"[,.]-$", "", said)
    for name in {house().currency, figures.symbol(house().currency).strip(), "Rp.", "Rp", "US$"} - {""}:
        said = re.sub(rf"(?i)^([-+(]?){re.escape(name)}(?=[-+\d.,])|{re.escape(name)}$", r"\1", said)
    return "".join(letter for letter in said if unicodedata.category(letter) != "Sc")


def _sign(bare: str) -> tuple[str, bool]:
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], True
    return (bare[1:], bare[0] == "-") if bare[:1] in {"-", "+"} else (bare, False)


def read_day(text: str) -> date:
    """The day that was meant: 2026-12-31, as it is written here (31/12/2026, 31-12-26, 31 Des 2026), "tomorrow", or +7. Raises ValueError."""
    said = text.strip().lower().replace(",", " ")
    if said in _near() or re.fullmatch(r"[+-]\d{1,4}", said):
        return clock.here() + timedelta(days=_near()[said] if said in _near() else int(said))
    plain = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said)
    if plain:
        return date(*map(int, plain.groups()))
    parts = [part for part in re.split(r"[\s/.-]+", said) if part]
    if len(parts) != 3:
        raise ValueError(text)
    named = [place for place, part in enumerate(parts) if not part.isdecimal()]
    if named:
        word = parts.pop(named[0])
        return date(_year(parts[1]), _month(word), int(parts[0]))
    first, second, year = parts
    day, month = (second, first) if figures.months_first() else (first, second)
    return date(_year(year), int(month), int(day))


def read_moment(text: str) -> datetime:
    """The moment that was meant, by the person's clock and still without its zone: a day and a time (31/12/2026 14:30, tomorrow 9.00,
    2026-12-31T14:30). Raises ValueError, also when the time is missing."""
    day, _blank, hour = text.strip().replace("T", " ").rpartition(" ")
    return datetime.combine(read_day(day), datetime.strptime(hour.replace(".", ":"), "%H:%M").time())  # noqa: DTZ007


def _near() -> dict[str, int]:
    """The days that have a name."""
    return {_("today"): 0, _("tomorrow"): 1, _("yesterday"): -1}


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise ValueError(text)
    this = clock.today().year
    year = this - this % 100 + int(text)
    return year - 100 if year > this + TODAY_PLUS else year


def _month(word: str) -> int:
    for language in (figures.locale(), "en", "id"):
        for width in ("abbreviated", "wide"):
            for number, name in get_month_names(width, locale=language).items():
                if word.rstrip(".") == name.lower().rstrip("."):
                    return int(number)
    raise ValueError(word)
