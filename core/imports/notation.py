"""Reading cells as people write them: 1.250.000,50 and 1,250,000.50, 31/12/2026 and 31 Des 2026, ya and yes."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import Text
from core.imports.mapping import BadCell, Parse

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february peb pebruari",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agustus aug august ags agt",
            "sep september sept",
            "okt oktober oct october",
            "nov november nop nopember",
            "des desember dec december",
        ),
        start=1,
    )
    for name in names.split()
}
YES = frozenset({"1", "yes", "y", "true", "ya", "benar", "aktif", "active", "x", "✓"})
NO = frozenset({"0", "no", "n", "false", "tidak", "tdk", "bukan", "salah", "nonaktif", "inactive", "-"})
CURRENCY_SIGNS = re.compile(r"(?i)^(rp\.?|idr|usd|us\$|\$|€|eur)\s*|\s*(idr|usd|eur|,-)$")


def number(cell: str) -> Decimal:
    """A number in Indonesian, English or plain notation, with or without a currency's sign; (1.000) is negative.

    When both signs occur, the last one is the decimal point. One sign alone between groups of three digits is a decimal point or not
    by the reader's language, unless what stands before it could not be such a group (1234.125 is plain).
    """
    said = cell.strip().replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")
    negative = said.startswith("(") and said.endswith(")")
    said = CURRENCY_SIGNS.sub("", said.strip("()")).replace(" ", "").replace("'", "")
    plain = said.lstrip("+-")
    if "." in plain and "," in plain:
        point = max(".", ",", key=plain.rfind)
    elif re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain) and not plain.startswith("0"):
        sign = "." if "." in plain else ","
        theirs = "," if (get_language() or "en").startswith("id") else "."
        point = sign if plain.count(sign) == 1 and sign == theirs else ("," if sign == "." else ".")
    else:
        point = "," if "," in plain else "."
    group = "." if point == "," else ","
    try:
        found = Decimal(said.replace(group, "").replace(point, "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise BadCell(_("“%(cell)s” is not a number. Write it like 1250 or 12.5.") % {"cell": cell})
    return -found if negative else found


def not_negative(cell: str) -> Decimal:
    """A number that is zero or more."""
    found = number(cell)
    if found < 0:
        raise BadCell(_("%(cell)s is below zero.") % {"cell": cell})
    return found


def positive(cell: str) -> Decimal:
    """A number above zero."""
    found = number(cell)
    if found <= 0:
        raise BadCell(_("%(cell)s is not above zero.") % {"cell": cell})
    return found


def percent(cell: str) -> Decimal:
    """A percentage from 0 to 100, with or without its sign, as a fraction."""
    found = number(cell.strip().removesuffix("%"))
    if not 0 <= found <= 100:
        raise BadCell(_("%(cell)s does not lie between 0 and 100 %%.") % {"cell": cell})
    return found / 100


def day(cell: str) -> date:
    """A date: 2026-12-31, 31/12/2026, 31-12-26, 31.12.2026, 31 Des 2026, December 31, 2026. Day before month, unless that cannot be."""
    said = cell.strip().lower().replace(",", " ")
    try:
        return datetime.fromisoformat(said.upper()).date()
    except ValueError:
        pass
    parts = re.split(r"[\s/.\-]+", said)
    try:
        first, second, third = parts
        if second in MONTHS:
            return date(_year(third), MONTHS[second], int(first))
        if first in MONTHS:
            return date(_year(third), MONTHS[first], int(second))
        if len(first) == 4:
            return date(int(first), int(second), int(third))
        before, after = (int(first), int(second)) if int(second) <= 12 else (int(second), int(first))
        return date(_year(third), after, before)
    except ValueError as error:
        raise BadCell(_("“%(cell)s” is not a date. Write it like 2026-12-31 or 31/12/2026.") % {"cell": cell}) from error


def moment(without_time: time) -> Parse:
    """A date and a time of day, where the reader is; without a time, that one."""

    def parse(cell: str) -> datetime:
        found = re.fullmatch(r"(.*\S)[\sT]+([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2})?", cell.strip())
        if found is None:
            return timezone.make_aware(datetime.combine(day(cell), without_time))
        try:
            at = time(int(found[2]), int(found[3]))
        except ValueError as error:
            raise BadCell(_("“%(cell)s” is not a time of day. Write it like 14:30.") % {"cell": f"{found[2]}:{found[3]}"}) from error
        return timezone.make_aware(datetime.combine(day(found[1]), at))

    return parse


def yes_or_no(cell: str) -> bool:
    """Yes or no, ya or tidak, 1 or 0."""
    said = cell.strip().lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise BadCell(_("“%(cell)s” is neither yes nor no.") % {"cell": cell})


def email(cell: str) -> str:
    """Something that can be an e-mail address."""
    said = cell.strip().removeprefix("mailto:")
    if not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+", said) or len(said) > 200:
        raise BadCell(_("“%(cell)s” is not an e-mail address.") % {"cell": cell})
    return said


def up_to(longest: int) -> Parse:
    """Text of limited length."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(_("It is %(count)s characters long; %(longest)s is the most.") % {"count": len(cell), "longest": longest})
        return cell

    return parse


def choice(choices: Sequence[tuple[str, Text]], **synonyms: str) -> Parse:
    """One of several values, by its code, its name in the reader's language, or a synonym (``barang="goods"``)."""

    def parse(cell: str) -> str:
        said = cell.strip().casefold()
        for code, name in choices:
            if said in {str(code).casefold(), str(name).casefold()}:
                return str(code)
        if said in synonyms:
            return synonyms[said]
        raise BadCell(_("“%(cell)s” is none of: %(names)s.") % {"cell": cell, "names": ", ".join(str(name) for _code, name in choices)})

    return parse


def record(find: Callable[[str], Any], what: Text) -> Parse:
    """A record by its code, name or address; ``what`` names its kind when there is none."""

    def parse(cell: str) -> Any:
        found = find(cell)
        if found is None:
            raise BadCell(_("There is no %(what)s “%(cell)s”.") % {"what": what, "cell": cell})
        return found

    return parse


def cell_of(value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value as a cell of a file, in plain notation, so that reading it gives the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        said = f"{value.normalize():f}"
        # 12.125 could be read as twelve thousand: a further zero says that it is not
        return f"{said}0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", said) else said
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    said = str(value)
    return names.get(said, said) if names else said


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        return 2000 + year if year < 70 else 1900 + year
    if len(text) != 4:
        raise ValueError(text)
    return year
