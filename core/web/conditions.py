"""Conditions: field, operator, value. They stand in the address as ``where=total~between~1000~2000``, so that a list can be shared."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock
from core.people.models import User
from core.web import figures
from core.web.filters import SPANS, span
from core.web.registry import Text

SEPARATOR = "~"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Operator:
    """A comparison: what it is called, and what it asks for: nothing, one value, two, many, a span or a number of days."""

    code: str
    label: Text
    takes: str = ""


_EMPTY = (Operator("empty", _("is empty")), Operator("filled", _("is filled in")))
_FIGURES = (
    Operator("gte", _("is at least"), "one"),
    Operator("lte", _("is at most"), "one"),
    Operator("between", _("is between"), "two"),
    Operator("eq", _("is exactly"), "one"),
)
_DAYS = (
    Operator("span", _("is in"), "span"),
    Operator("on", _("is on"), "one"),
    Operator("before", _("is before"), "one"),
    Operator("after", _("is after"), "one"),
    Operator("between", _("is between"), "two"),
    Operator("last", _("is in the last days"), "days"),
    Operator("next", _("is in the next days"), "days"),
    Operator("older", _("is longer ago than days"), "days"),
)
OPERATORS: dict[str, tuple[Operator, ...]] = {
    "text": (
        Operator("has", _("contains"), "one"),
        Operator("hasnt", _("does not contain"), "one"),
        Operator("is", _("is"), "one"),
        Operator("starts", _("starts with"), "one"),
    ),
    "choice": (Operator("any", _("is any of"), "many"), Operator("none", _("is none of"), "many")),
    "yesno": (Operator("yes", _("is yes")), Operator("no", _("is no"))),
    "number": _FIGURES,
    "money": _FIGURES,
    "percent": _FIGURES,
    "date": _DAYS,
    "moment": _DAYS,
    "one": (Operator("is", _("is"), "one"), Operator("not", _("is not"), "one")),
}
_ME = (Operator("me", _("is me")), Operator("notme", _("is not me")))


@dataclass(frozen=True)
class Where:
    """A field a list may be narrowed by: its name in the address, its path in the database, how it is called, what it holds.

    ``kind``: text, choice, yesno, number, money, percent, date, moment or one (a record). ``choices`` gives (value, label) pairs;
    ``lookup`` names the lookup records are chosen with; ``many`` says the path leads to several rows.
    """

    name: str
    path: str
    label: Text
    kind: str = "text"
    choices: Callable[[], Iterable[tuple[Any, Any]]] | None = None
    lookup: str = ""
    nullable: bool = False
    person: bool = False
    many: bool = False

    def operators(self) -> tuple[Operator, ...]:
        """What may be asked of the field."""
        own = OPERATORS[self.kind]
        if self.person:
            own = (*own, *_ME)
        return (*own, *_EMPTY) if self.nullable else own

    def operator(self, code: str) -> Operator | None:
        """The operator of this code, when the field has it."""
        return next((one for one in self.operators() if one.code == code), None)

    def known(self) -> dict[str, tuple[Any, Any]]:
        """The choices by what stands in the address."""
        return {str(value): (value, label) for value, label in self.choices()} if self.choices else {}


@dataclass(frozen=True)
class Condition:
    """A field compared with values, as words of the address. ``error`` says what is wrong with it; then it narrows nothing."""

    where: Where | None
    code: str = ""
    values: tuple[str, ...] = ()
    error: Text = ""
    raw: str = ""

    @property
    def written(self) -> str:
        """The condition as the address holds it."""
        if self.where is None:
            return self.raw
        return SEPARATOR.join((self.where.name, self.code, *self.values))

    @property
    def operator(self) -> Operator | None:
        """Its comparison."""
        return self.where.operator(self.code) if self.where else None

    def q(self, model: type[Model], user: User) -> Q:
        """The condition for the database."""
        if self.where is None or self.error:
            return Q()
        found = _q(self.where, self.code, self.values, user)
        return Q(pk__in=model._default_manager.filter(found).values("pk")) if self.where.many else found


def read(raw: str, fields: Sequence[Where]) -> Condition:
    """A condition of the address; one that cannot be read says why."""
    name, _tilde, rest = raw.replace("\x00", "").partition(SEPARATOR)
    code, _tilde, rest = rest.partition(SEPARATOR)
    where = next((one for one in fields if one.name == name), None)
    if where is None:
        return Condition(None, error=_now("There is no field “%(name)s” here.") % {"name": name}, raw=raw)
    operator = where.operator(code)
    if operator is None:
        return Condition(where, code, error=_now("%(field)s cannot be compared so.") % {"field": where.label}, raw=raw)
    if not operator.takes:
        values: tuple[str, ...] = ()
    elif where.kind == "text":
        values = (rest.strip(),)
    else:
        values = tuple(value.strip() for value in rest.split(SEPARATOR))
    return Condition(where, code, values, error=fault(where, operator, values), raw=raw)


def fault(where: Where, operator: Operator, values: Sequence[str]) -> str:
    """What is wrong with the values; empty when nothing is."""
    wanted = {"": 0, "two": 2}.get(operator.takes, 1)
    if len(values) < wanted or (wanted and not all(values[:wanted])):
        return _now("%(field)s: say what to compare with.") % {"field": where.label}
    if operator.takes == "span":
        return "" if values[0] in SPANS else _now("%(field)s: choose a time.") % {"field": where.label}
    if operator.takes == "days":
        return "" if _days(values[0]) is not None else _now("%(field)s: write a number of days.") % {"field": where.label}
    checks: dict[str, tuple[Callable[[str], Any], str]] = {
        "number": (_number, _now("%(field)s: write a number, such as 1250 or 12.5.")),
        "money": (_number, _now("%(field)s: write an amount, such as 1250000.")),
        "percent": (_number, _now("%(field)s: write a percentage, such as 12.5.")),
        "date": (_day, _now("%(field)s: choose a day.")),
        "moment": (_day, _now("%(field)s: choose a day.")),
        "one": (_key, _now("%(field)s: choose one from the list.")),
    }
    if where.kind == "choice":
        known = where.known()
        wrong = [value for value in values if value not in known]
        return _now("%(field)s: there is no “%(value)s”.") % {"field": where.label, "value": wrong[0]} if wrong else ""
    if where.kind in checks and operator.takes:
        reads, words = checks[where.kind]
        if any(reads(value) is None for value in values[:wanted]):
            return words % {"field": where.label}
    return ""


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 36500 else None


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) < 2**63 else None


def _q(where: Where, code: str, values: Sequence[str], user: User) -> Q:
    if code in {"empty", "filled"}:
        nothing = Q(**{f"{where.path}__isnull": True})
        if where.kind == "text":
            nothing |= Q(**{where.path: ""})
        return nothing if code == "empty" else ~nothing
    if where.kind in {"date", "moment"}:
        return _days_q(where, code, values)
    if where.kind in {"number", "money", "percent"}:
        return _figures_q(where, code, values)
    if where.kind == "text":
        found = Q(**{_LOOKUPS[code].format(where.path): values[0]})
    elif where.kind == "choice":
        known = where.known()
        found = Q(**{f"{where.path}__in": [known[value][0] for value in values]})
    else:
        found = Q(**{where.path: _meant(where, code, values, user)})
    return ~found if code in {"hasnt", "none", "not", "notme"} else found


_LOOKUPS = {"has": "{}__icontains", "hasnt": "{}__icontains", "is": "{}__iexact", "starts": "{}__istartswith"}


def _meant(where: Where, code: str, values: Sequence[str], user: User) -> Any:
    if where.kind == "yesno":
        return code == "yes"
    return user.pk if code in {"me", "notme"} else int(values[0])


def _figures_q(where: Where, code: str, values: Sequence[str]) -> Q:
    numbers = [Decimal(value) / (100 if where.kind == "percent" else 1) for value in values]
    if code == "between":
        low, high = sorted(numbers[:2])
        return Q(**{f"{where.path}__gte": low, f"{where.path}__lte": high})
    return Q(**{f"{where.path}{'' if code == 'eq' else f'__{code}'}": numbers[0]})


def _days_q(where: Where, code: str, values: Sequence[str]) -> Q:
    first, last = days_of(code, values, clock.here() if where.kind == "moment" else clock.today())
    found = {}
    if first is not None:
        found[f"{where.path}__gte"] = _start(first) if where.kind == "moment" else first
    if last is not None:
        found[f"{where.path}__lt"] = _start(last + ONE_DAY) if where.kind == "moment" else last + ONE_DAY
    return Q(**found)


def days_of(code: str, values: Sequence[str], today: date) -> tuple[date | None, date | None]:
    """The first and the last day meant; None where it is open."""
    if code == "span":
        return span(values[0], today)
    if code in {"last", "next", "older"}:
        away = timedelta(days=int(values[0]))
        if code == "older":
            return None, today - away - ONE_DAY
        return (today - away, today) if code == "last" else (today, today + away)
    days = [date.fromisoformat(value) for value in values]
    if code == "between":
        return min(days[:2]), max(days[:2])
    if code == "on":
        return days[0], days[0]
    return (None, days[0] - ONE_DAY) if code == "before" else (days[0] + ONE_DAY, None)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def combined(conditions: Iterable[Condition], model: type[Model], user: User, *, match_any: bool) -> Q:
    """All conditions together: every one must hold, or any."""
    whole = Q()
    for condition in conditions:
        one = condition.q(model, user)
        if one:
            whole = whole | one if match_any else whole & one
    return whole


def in_words(condition: Condition, names: dict[tuple[str, str], str]) -> str:
    """The values of a condition as its chip shows them; ``names`` are the records' words by field and key."""
    where, operator = condition.where, condition.operator
    if where is None or operator is None or not operator.takes or condition.error:
        return ""
    if operator.takes == "span":
        return str(SPANS[condition.values[0]]).lower()
    if operator.takes == "days":
        days = int(condition.values[0])
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if where.kind == "choice":
        known = where.known()
        return ", ".join(str(known[value][1]) for value in condition.values)
    shown = [_value_in_words(where, value, names) for value in condition.values[: 2 if operator.takes == "two" else 1]]
    return " – ".join(shown) if operator.takes == "two" else shown[0]


def _value_in_words(where: Where, value: str, names: dict[tuple[str, str], str]) -> str:
    if where.kind == "one":
        return names.get((where.name, value), value)
    if where.kind in {"date", "moment"}:
        return figures.day(date.fromisoformat(value))
    if where.kind in {"number", "money"}:
        return figures.quantity(Decimal(value))
    return f"{figures.quantity(Decimal(value))} %" if where.kind == "percent" else value
