"""A list in groups: by state, owner, customer or month, each with its count and its sums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from django.db.models import Case, Count, DateField, F, ForeignKey, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from core.web import figures
from core.web.conditions import Where
from core.web.filterable import NAMES, field_at

if TYPE_CHECKING:
    from core.web.lists import ListScreen

KEY, LABEL, RANK = "list_group", "list_group_label", "list_group_rank"
MOST = 400


@dataclass
class Group:
    """A group: its key in the address, its name, how many rows it has, its sums per column, whether it is folded, its rows."""

    key: str
    label: str
    count: int = 0
    sums: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    folded: bool = False
    lines: list[Any] = field(default_factory=list)
    toggle: str = ""

    def sum_texts(self) -> list[str]:
        """Its sums in words, a currency each."""
        return [figures.money(amount, currency) for sums in self.sums.values() for currency, amount in sums.items()]


def may_group(where: Where, model: Any) -> bool:
    """Whether rows can be put together by a field."""
    if where.many or where.kind not in {"choice", "one", "date", "moment", "yesno"}:
        return False
    found, _many = field_at(model, where.path)
    return found is not None and (not isinstance(found, ForeignKey) or bool(_name_of(found)))


def _name_of(relation: Any) -> str:
    names = {one.name for one in relation.related_model._meta.local_fields}
    return next((name for name in NAMES if name in names), "")


class Grouping:
    """The rows of a list, put together by one field."""

    def __init__(self, where: Where, model: Any) -> None:
        self.where = where
        found, _many = field_at(model, where.path)
        self.relation = found if isinstance(found, ForeignKey) else None
        self.choices = {} if self.relation or where.choices is None else {str(value): str(label) for value, label in where.choices()}

    def mark(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows, each saying which group it is in."""
        path = self.where.path
        marks: dict[str, Any] = {KEY: F(path)}
        if self.where.kind in {"date", "moment"}:
            marks = {KEY: TruncMonth(path, output_field=DateField())}
        elif self.relation is not None:
            marks[LABEL] = F(f"{path}__{_name_of(self.relation)}")
        elif self.choices:
            whens = [When(Q(**{path: value}), then=Value(number)) for number, value in enumerate(self.choices)]
            marks[RANK] = Case(*whens, default=Value(len(whens)), output_field=IntegerField())
        marked: QuerySet[Any] = rows.annotate(**marks)
        return marked

    @property
    def ordering(self) -> list[str]:
        """What the groups are ordered by: the latest month first, names by name, states as they follow each other."""
        if self.where.kind in {"date", "moment", "yesno"}:
            return [f"-{KEY}"]
        return [LABEL, KEY] if self.relation is not None else [RANK, KEY] if self.choices else [KEY]

    def key_of(self, value: Any) -> str:
        """A group's key as the address holds it."""
        return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)

    def label_of(self, value: Any, name: Any) -> str:
        """A group in words."""
        if value is None or value == "":
            return _("Not given")
        if isinstance(value, date):
            return str(format_date(value, "LLLL yyyy", locale=figures.locale())).capitalize()
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return str(name) if self.relation is not None else self.choices.get(str(value), str(value))

    def unfolded(self, rows: QuerySet[Any], folded: Sequence[str]) -> QuerySet[Any]:
        """The rows but those of folded groups."""
        for key in folded:
            nothing = Q(**{f"{KEY}__isnull": True})
            rows = rows.filter(~nothing if key == "" else nothing | ~Q(**{KEY: key}))
        return rows

    def groups(self, rows: QuerySet[Any], sums: Sequence[tuple[int, str]], currency: str, fixed: str) -> dict[str, Group]:
        """All groups in their order, with how many rows each has and what its columns come to."""
        by = [*(name.removeprefix("-") for name in self.ordering), *([currency] if currency else [])]
        totals = {f"total_{number}": Sum(path) for number, path in sums}
        ordered = rows.order_by().values(*dict.fromkeys(by)).annotate(counted=Count("pk", distinct=True), **totals)
        found: dict[str, Group] = {}
        for row in ordered.order_by(*self.ordering)[: MOST * 2]:
            key = self.key_of(row[KEY])
            group = found.setdefault(key, Group(key, self.label_of(row[KEY], row.get(LABEL))))
            group.count += row["counted"]
            for number, _path in sums:
                amount = row[f"total_{number}"]
                if amount is not None:
                    kept = group.sums.setdefault(number, {})
                    name = str(row[currency]) if currency else fixed
                    kept[name] = kept.get(name, Decimal(0)) + amount
        return found


def arranged(screen: "ListScreen", grouping: Grouping, groups: dict[str, Group], lines: Sequence[Any]) -> list[Group]:
    """The groups of a page with their rows, and the folded ones between them."""
    folded = set(screen.folded)
    for group in groups.values():
        group.folded = group.key in folded
        other = [key for key in screen.folded if key != group.key] if group.folded else [*screen.folded, group.key]
        group.toggle = screen.query(fold=other)
    here: list[int] = []
    order = list(groups)
    for line in lines:
        key = grouping.key_of(getattr(line[0], KEY))
        if key not in groups:
            groups[key] = Group(key, grouping.label_of(getattr(line[0], KEY), getattr(line[0], LABEL, None)))
            order.append(key)
        groups[key].lines.append(line)
        here.append(order.index(key))
    first = 0 if screen.slice.starts or not here else min(here)
    last = len(order) if not screen.slice.after or not here else max(here) + 1
    return [groups[key] for key in order[first:last] if groups[key].folded or groups[key].lines]
