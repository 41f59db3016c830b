"""Finding records by a few typed words: every list the person may open is asked, all of them in one statement.

A record's identity is the first searched field of its list (a number, a name), the second one is the note beside it. What is found
is ranked: exactly this number, the number's end ("12" is SO/2026/00012), the beginning of a word, anything else. Of what
fits as well, documents come first for a number, master data for a word.
When nothing fits, the words are asked again with one letter wrong, missing, doubled or two letters swapped.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest

from core.people.models import User
from core.web import registry
from core.web.filterable import field_at
from core.web.gathering import reader
from core.web.lists import ListScreen

EACH = 5
ENOUGH = 2
FUZZY = 4
"""Words shorter than this are not guessed at."""
EXACT = 1
"""Ranks up to this one mean: this very number."""
PREPARED = 200
WORDS = 80
PLACE, GUESS = [chr(0xE000 + at) for at in range(WORDS)], [chr(0xE100 + at) for at in range(WORDS)]
WHOLE, TAIL, START = "\ue200", "\ue201", "\ue202"
"""Letters of nobody's alphabet stand in the prepared statement where the words come in."""
NUMBER = re.compile(r"^(?P<letters>[^\W\d_]*)[\s/.-]*(?P<more>(?:\d+[\s/.-]+)*)0*(?P<digits>\d+)$")


@dataclass(frozen=True)
class Found:
    """One record that fits."""

    kind: str
    pk: int
    label: str
    note: str
    rank: int

    @property
    def url(self) -> str:
        """Its page."""
        return registry.url_for(self.kind, self.pk)


@dataclass(frozen=True)
class Drawer:
    """One list with what was found in it, the best first."""

    label: str
    icon: str
    found: tuple[Found, ...]
    master: bool = False

    @property
    def rank(self) -> int:
        """How well its best record fits."""
        return min(one.rank for one in self.found)


@dataclass(frozen=True)
class _Asked:
    """The one statement for all lists a person may open, written once an hour for each shape of words, with places for the words."""

    lists: Sequence[tuple[str, str, str, bool]]
    statement: str
    values: Sequence[Any]

    def rows(self, words: Mapping[str, str]) -> list[tuple[int, int, int, str, str]]:
        """The rows that fit these words: number of the list, key, rank, label, note."""
        if not self.statement:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.statement, [words.get(value, value) if isinstance(value, str) else value for value in self.values])
            return list(cursor.fetchall())


_prepared: OrderedDict[tuple[object, ...], _Asked] = OrderedDict()


def find(words: str, request: HttpRequest) -> list[Drawer]:
    """What fits, by list; the list with the best match first."""
    words = " ".join(words.replace("\x00", "").split())[:80]
    if len(words) < ENOUGH and not words.isdecimal():
        return []
    single, number = words.split(), NUMBER.match(words)
    said = {f"%{PLACE[at]}%": f"%{_like(word)}%" for at, word in enumerate(single)} | {WHOLE: _like(words), START: rf"\m{re.escape(words)}"}
    if number:
        said[TAIL] = _tail(number)
    asked = _ask(request, (len(single), bool(number)), lambda lister: _ranked(lister, len(single), numbered=bool(number)))
    found = asked.rows(said)
    long = tuple(len(word) >= FUZZY for word in single)
    if not found and any(long):
        said |= {GUESS[at]: misspelt(word) for at, word in enumerate(single)}
        asked = _ask(request, long, lambda lister: _guessed(lister, long))
        found = asked.rows(said)
    drawers = []
    for place, (label, icon, kind, master) in enumerate(asked.lists):
        rows = sorted((row for row in found if row[0] == place), key=lambda row: (row[2], -row[1]))
        items = tuple(Found(kind, pk, name or f"#{pk}", note or "", rank) for _at, pk, rank, name, note in rows)
        if items:
            drawers.append(Drawer(label, icon, items, master=master))
    return sorted(drawers, key=lambda drawer: (drawer.rank, drawer.master == (drawer.rank <= EXACT)))


def _ask(request: HttpRequest, shape: tuple[object, ...], build: "Callable[[ListScreen], QuerySet[Any, Any] | None]") -> _Asked:
    key = (*reader(cast("User", request.user)), len(list(registry.screens())), shape)
    known = _prepared.get(key)
    if known is None:
        lists: list[tuple[str, str, str, bool]] = []
        parts: list[str] = []
        values: list[Any] = []
        for number, lister in enumerate(_listers(request)):
            nav = lister.nav
            lists.append((str(lister.title), nav.icon if nav else "file", lister.kind(), lister.office() == "core"))
            rows = build(lister)
            if rows is None:
                continue
            with suppress(EmptyResultSet):
                columns = rows.values_list("pk", "found_rank", "found_label", "found_note")[:EACH]
                inner, some = columns.query.sql_with_params()
                parts.append(f"SELECT {number}, part.* FROM ({inner}) AS part (pk, rank, label, note)")  # noqa: S608
                values.extend(some)
        known = _Asked(lists, " UNION ALL ".join(parts), values)
        _prepared[key] = known
        if len(_prepared) > PREPARED:
            _prepared.popitem(last=False)
    return known


def _like(text: str) -> str:
    return str(connection.ops.prep_for_like_query(text))


def _listers(request: HttpRequest) -> "list[ListScreen]":
    """Every list the person may open whose records have pages of their own."""
    listers = []
    for _name, screen in registry.screens():
        if not (issubclass(screen, ListScreen) and screen.list_kind() and screen.search and registry.record_screen(screen.kind())):
            continue
        if not screen.may_open(request.user):  # type: ignore[arg-type]
            continue
        lister = screen()
        lister.setup(request)
        listers.append(lister)
    return listers


@cache
def _single(model: type[Model], search: tuple[str, ...]) -> tuple[str, ...]:
    """The searched fields of which a record has one: its own and those of what it belongs to."""
    found = ((name, *field_at(model, name)) for name in search)
    return tuple(name for name, field, many in found if field is not None and not many)


def _base(lister: ListScreen, fields: Sequence[str]) -> "QuerySet[Any, Any]":
    note = Cast(fields[1], TextField()) if len(fields) > 1 else Value("", output_field=TextField())
    rows: QuerySet[Any, Any] = lister.queryset().order_by().annotate(found_label=Cast(fields[0], TextField()), found_note=note)
    return rows


def _ranked(lister: ListScreen, count: int, *, numbered: bool) -> "QuerySet[Any, Any] | None":
    fields = _single(lister.the_model(), lister.search)
    if not fields:
        return None
    identity = fields[0]
    fits = Q()
    for at in range(count):
        fits &= reduce(or_, (Q(**{f"{field}__icontains": PLACE[at]}) for field in fields))
    ranks = [When(**{f"{identity}__iexact": WHOLE}, then=Value(0))]
    if numbered:
        fits |= Q(**{f"{identity}__iregex": TAIL})
        ranks.append(When(**{f"{identity}__iregex": TAIL}, then=Value(EXACT)))
    ranks.append(When(**{f"{identity}__iregex": START}, then=Value(2)))
    rank = Case(*ranks, default=Value(3), output_field=IntegerField())
    rows: QuerySet[Any, Any] = _base(lister, fields).filter(fits).annotate(found_rank=rank).order_by("found_rank", "-pk")
    return rows


def _tail(number: re.Match[str]) -> str:
    """A pattern for numbers that end like this one."""
    between = "".join(rf"\D*0*{part}" for part in re.findall(r"\d+", number["more"]))
    start = rf"^{re.escape(number['letters'])}{between}.*\D" if number["letters"] or between else r"(^|\D)"
    return rf"{start}0*{number['digits']}$"


def _guessed(lister: ListScreen, long: Sequence[bool]) -> "QuerySet[Any, Any] | None":
    fields = _single(lister.the_model(), lister.search)
    if not fields:
        return None
    rows: QuerySet[Any, Any] = _base(lister, fields)
    for at, guess in enumerate(long):
        rows = rows.filter(**{f"{fields[0]}__iregex": GUESS[at]} if guess else {f"{fields[0]}__icontains": PLACE[at]})
    guessed: QuerySet[Any, Any] = rows.annotate(found_rank=Value(4)).order_by("found_rank", "-pk")
    return guessed


def misspelt(word: str) -> str:
    """A pattern for a word with one letter wrong, missing or too many, or two letters swapped."""
    letters = [re.escape(letter) for letter in word]
    slips = [
        r"\m" + "".join(letters[:at]) + ".?.?" + "".join(letters[at + width :])
        for width in (1, 2)
        for at in range(1, len(letters) - width + 1)
    ]
    return "|".join(dict.fromkeys(slips))
