"""Cells: one labelled way to show one value. List columns, record facts, document lines and reports share them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from core.people.hiding import hides
from core.web import figures, markup
from core.web.registry import Text as Words
from core.web.registry import url_of

if TYPE_CHECKING:
    from core.web.inline import Inline

Key = str | Callable[[Any], Any]


def value_at(row: object, key: Key) -> Any:
    """The value a key leads to: ``customer.name``, a method without arguments, or what a function says."""
    if not isinstance(key, str):
        return key(row)
    value: Any = row
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
        if callable(value) and not getattr(value, "do_not_call_in_templates", isinstance(value, type)):
            value = value()
        if value is None:
            return None
    return value


@dataclass(frozen=True)
class Cell:
    """A value with its label. ``sort`` names the database field a list may be sorted by; ``phone`` says where the
    value goes on a narrow screen: main, state, sub, amount or none; empty: guessed. ``edit`` lets it be changed in a list. ``permission`` hides it; a key that
    leads to a hidden field (``core.people.hiding``) needs none."""

    key: Key
    label: Words = ""
    sort: str = ""
    phone: str = ""
    muted: bool = False
    edit: "Inline | None" = None
    permission: str = field(default="", kw_only=True)

    align: ClassVar[str] = ""

    @property
    def sorting(self) -> str:
        """The database field to sort by, when sorting is allowed."""
        return self.sort

    def shown_to(self, user: Any, model: type[Model] | None) -> bool:
        """Whether somebody may see this value of such records."""
        if self.permission and not user.has_perm(self.permission):
            return False
        paths = [path for path in (self.key, self.sort) if isinstance(path, str) and path]
        return model is None or not any(hides(user, model, path) for path in paths)

    def value(self, row: object) -> Any:
        """The plain value, as exports write it."""
        return value_at(row, self.key)

    def html(self, row: object) -> SafeString:
        """The value as the page shows it."""
        value = self.value(row)
        return markup.EMPTY if value is None or value == "" else markup.breakable(value)


@dataclass(frozen=True)
class Text(Cell):
    """Words. ``link`` opens the row's record; ``note`` adds a small remark beside it."""

    link: bool = False
    note: Key = ""

    def html(self, row: object) -> SafeString:
        """The words, linked and remarked on."""
        text = super().html(row)
        if self.link:
            target = getattr(row, "page_url", "") or url_of(row)  # type: ignore[arg-type]
            text = format_html('<a class="cell-link" href="{}">{}</a>', target, text) if target else text
        note = value_at(row, self.note) if self.note else ""
        return format_html('{} <span class="tag">{}</span>', text, note) if note else text


@dataclass(frozen=True)
class Number(Cell):
    """A count or a plain number, aligned right."""

    align: ClassVar[str] = "end"

    def html(self, row: object) -> SafeString:
        """The number in the person's notation."""
        value = self.value(row)
        return markup.EMPTY if value is None else format_html('<span class="num">{}</span>', figures.quantity(value))


@dataclass(frozen=True)
class Quantity(Number):
    """A quantity with its unit."""

    unit: Key = ""

    def html(self, row: object) -> SafeString:
        """The quantity and its unit."""
        unit = str(value_at(row, self.unit) or "") if self.unit else ""
        return format_html('<span class="num">{}</span>', figures.quantity(self.value(row), unit))


@dataclass(frozen=True)
class Percent(Number):
    """A fraction between 0 and 1, written as a percentage; nothing for zero unless ``zero`` says that it counts."""

    zero: bool = False

    def html(self, row: object) -> SafeString:
        """The percentage."""
        value = self.value(row)
        shown = value is not None and (value or self.zero)
        return format_html('<span class="num">{}</span>', figures.percent(value)) if shown else markup.EMPTY


@dataclass(frozen=True)
class Money(Cell):
    """An amount with its currency (a key; the word itself when it is three capitals). ``total`` sums a list's column."""

    currency: Key = "currency"
    short: bool = False
    total: bool = False

    align: ClassVar[str] = "end"

    def currency_of(self, row: object) -> str:
        """The currency of the amount in a row."""
        if isinstance(self.currency, str) and len(self.currency) == 3 and self.currency.isupper():
            return self.currency
        return str(value_at(row, self.currency) or "")

    def html(self, row: object) -> SafeString:
        """The amount."""
        return markup.money(self.value(row), self.currency_of(row), short=self.short)


@dataclass(frozen=True)
class Day(Cell):
    """A date. Relative under a week unless ``exact``; ``late`` marks a day in the past as overdue when it says so."""

    exact: bool = False
    late: Callable[[Any], bool] | None = None

    def html(self, row: object) -> SafeString:
        """The date in words or figures."""
        shown = markup.day(self.value(row), relative=not self.exact)
        return format_html('<span class="late">{}</span>', shown) if self.late and self.late(row) else shown


@dataclass(frozen=True)
class Moment(Cell):
    """A moment, relative under a week."""

    def html(self, row: object) -> SafeString:
        """The moment in words or figures."""
        return markup.moment(self.value(row))


@dataclass(frozen=True)
class Status(Cell):
    """The state of a row as a pill; the words are the model's, the tone is Satu's vocabulary unless ``tones`` differs."""

    key: Key = "status"
    label: Words = gettext_lazy("Status")
    tones: Mapping[str, str] | None = None

    def code(self, row: object) -> str:
        """The state's code."""
        return str(value_at(row, self.key) or "")

    def value(self, row: object) -> Any:
        """The state in words."""
        if isinstance(self.key, str):
            owner, _dot, field = self.key.rpartition(".")
            words = getattr(value_at(row, owner) if owner else row, f"get_{field}_display", None)
            if words is not None:
                return words()
        return super().value(row)

    def html(self, row: object) -> SafeString:
        """The pill."""
        code = self.code(row)
        tone = (self.tones or {}).get(code) or markup.TONES.get(code.lower(), "")
        return markup.pill(self.value(row), tone)


@dataclass(frozen=True)
class Person(Cell):
    """A user with their letters."""

    def value(self, row: object) -> Any:
        """The person's name."""
        person = value_at(row, self.key)
        return "" if person is None else str(getattr(person, "name", "") or person)

    def html(self, row: object) -> SafeString:
        """Letters and name."""
        return markup.named(self.value(row))


@dataclass(frozen=True)
class Party(Cell):
    """A company or person with their letters, linked to their record. ``link=False`` leaves the link away."""

    link: bool = True
    own: bool = False

    def value(self, row: object) -> Any:
        """The party's name."""
        party = row if self.own else value_at(row, self.key)
        return "" if party is None else str(getattr(party, "name", "") or party)

    def html(self, row: object) -> SafeString:
        """Letters and name."""
        party = row if self.own else value_at(row, self.key)
        if party is None:
            return markup.EMPTY
        url = url_of(party) if self.link and isinstance(party, Model) else ""
        return markup.named(self.value(row), url=url, square=getattr(party, "kind", "company") != "person")


@dataclass(frozen=True)
class Link(Cell):
    """A related record, linked to its page."""

    def value(self, row: object) -> Any:
        """The record in words."""
        record = value_at(row, self.key)
        return "" if record is None else str(record)

    def html(self, row: object) -> SafeString:
        """The linked words."""
        record = value_at(row, self.key)
        if record is None:
            return markup.EMPTY
        url = url_of(record)
        return format_html('<a href="{}">{}</a>', url, record) if url else format_html("{}", record)


@dataclass(frozen=True)
class Meter(Cell):
    """A share between 0 and 1 as a small bar."""

    def html(self, row: object) -> SafeString:
        """The bar."""
        value = self.value(row)
        return markup.EMPTY if value is None else markup.meter(float(value))


@dataclass(frozen=True)
class YesNo(Cell):
    """A check mark for yes, nothing for no."""

    def html(self, row: object) -> SafeString:
        """The mark."""
        return markup.icon("check", 15) if self.value(row) else markup.EMPTY


@dataclass(frozen=True)
class Custom(Cell):
    """Whatever ``draw(row)`` gives back (use format_html); ``key`` still says what an export writes."""

    draw: Callable[[Any], str | SafeString] = str

    def html(self, row: object) -> SafeString:
        """What was drawn."""
        return format_html("{}", self.draw(row))


def seen(cells: Iterable[Cell], user: Any, model: type[Model] | None) -> tuple[Cell, ...]:
    """The cells somebody may see of records of a model."""
    return tuple(cell for cell in cells if cell.shown_to(user, model))


def plain(value: Any) -> Any:
    """A value as a spreadsheet wants it."""
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return value
    return value if hasattr(value, "isoformat") else str(value)
