"""Finding records by a few typed words: every list the person may open is asked, all of them in one statement.

A record's identity is the first searched field of its list (a number, a name), the second one is the note beside it. What is found
is ranked: exactly this number, the number's end ("12" is SO/2026/00012), the beginning of a word, anything else. Of what
fits as well, documents come first for a number, master data for a word.
When nothing fits, the words are asked again with one letter wrong, missing, doubled or two letters swapped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest

from core.web import registry
from core.web.filterable import field_at
from core.web.lists import ListScreen

EACH = 5
ENOUGH = 2
FUZZY = 4
"""Words shorter than this are not guessed at."""
EXACT = 1
"""Ranks up to this one mean: this very number."""
NUMBER = re.compile(r"^(?P<letters>[^\W\d_]*)[\s/.-]*(?P<more>(?:\d+[\s/.-]+)*)0*(?P<digits>\d+)$")


@dataclass(frozen=True)
class Found:
    """One record that fits."""

    label: str
    note: str
    url: str
    rank: int


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


def find(words: str, request: HttpRequest) -> list[Drawer]:
    """What fits, by list; the list with the best match first."""
    words = " ".join(words.replace("\x00", "").split())[:80]
    if len(words) < ENOUGH and not words.isdecimal():
        return []
    listers = list(_listers(request))
    found = _asked([_ranked(lister, words) for lister in listers])
    if not found and any(len(word) >= FUZZY for word in words.split()):
        found = _asked([_guessed(lister, words) for lister in listers])
    drawers = []
    for number, lister in enumerate(listers):
        rows = sorted((row for row in found if row[0] == number), key=lambda row: (row[2], -row[1]))
        items = tuple(Found(label or f"#{pk}", note or "", registry.url_for(lister.kind(), pk), rank) for _n, pk, rank, label, note in rows)
        if items:
            nav = lister.nav
            drawers.append(Drawer(str(lister.title), nav.icon if nav else "file", items, master=lister.office() == "core"))
    return sorted(drawers, key=lambda drawer: (drawer.rank, drawer.master == (drawer.rank <= EXACT)))


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


def _asked(queries: "Sequence[QuerySet[Any, Any] | None]") -> list[tuple[int, int, int, str, str]]:
    """One statement for all lists; ``None`` stands for a list that cannot have any."""
    asked = [query.annotate(found_in=Value(number)) for number, query in enumerate(queries) if query is not None]
    rows = [query.values_list("found_in", "pk", "found_rank", "found_label", "found_note")[:EACH] for query in asked]
    if not rows:
        return []
    return list(rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0])


@cache
def _single(model: type[Model], search: tuple[str, ...]) -> tuple[str, ...]:
    """The searched fields of which a record has one: its own and those of what it belongs to."""
    found = ((name, *field_at(model, name)) for name in search)
    return tuple(name for name, field, many in found if field is not None and not many)


def _base(lister: ListScreen, fields: Sequence[str]) -> "QuerySet[Any, Any]":
    note = Cast(fields[1], TextField()) if len(fields) > 1 else Value("", output_field=TextField())
    rows: QuerySet[Any, Any] = lister.queryset().order_by().annotate(found_label=Cast(fields[0], TextField()), found_note=note)
    return rows


def _ranked(lister: ListScreen, words: str) -> "QuerySet[Any, Any] | None":
    fields = _single(lister.the_model(), lister.search)
    if not fields:
        return None
    identity = fields[0]
    fits = Q()
    for word in words.split():
        fits &= reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))
    ranks = [When(**{f"{identity}__iexact": words}, then=Value(0))]
    number = NUMBER.match(words)
    if number:
        between = "".join(rf"\D*0*{part}" for part in re.findall(r"\d+", number["more"]))
        start = rf"^{re.escape(number['letters'])}{between}.*\D" if number["letters"] or between else r"(^|\D)"
        pattern = rf"{start}0*{number['digits']}$"
        fits |= Q(**{f"{identity}__iregex": pattern})
        ranks.append(When(**{f"{identity}__iregex": pattern}, then=Value(EXACT)))
    ranks.append(When(**{f"{identity}__iregex": rf"\m{re.escape(words)}"}, then=Value(2)))
    rank = Case(*ranks, default=Value(3), output_field=IntegerField())
    rows: QuerySet[Any, Any] = _base(lister, fields).filter(fits).annotate(found_rank=rank).order_by("found_rank", "-pk")
    return rows


def _guessed(lister: ListScreen, words: str) -> "QuerySet[Any, Any] | None":
    fields = _single(lister.the_model(), lister.search)
    if not fields:
        return None
    rows: QuerySet[Any, Any] = _base(lister, fields)
    for word in words.split():
        rows = rows.filter(**{f"{fields[0]}__iregex": misspelt(word)} if len(word) >= FUZZY else {f"{fields[0]}__icontains": word})
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
