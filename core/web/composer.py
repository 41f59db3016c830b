"""The composer on top of a timeline: a note, and whatever else modules let people write down there (a call, a next step)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from core.files.access import record_of
from core.people.models import User
from core.web.acting import Acting
from core.web.registry import url_for
from core.web.verbs import Button, Verb

_offers: dict[str, list[Verb]] = defaultdict(list)


def provide_composer(kind: str, *verbs: Verb) -> None:
    """Let people write something down on the timeline of records of a kind: each verb needs ``form``, ``slug``, ``permission``."""
    for verb in verbs:
        if verb not in _offers[kind]:
            _offers[kind].append(verb)


@dataclass(frozen=True)
class Composer:
    """What one person may write down on one record: notes go to ``url``, the rest has buttons of its own."""

    url: str
    field: str
    buttons: Sequence[Button]


def for_record(kind: str, record: Any, user: User) -> Composer | None:
    """The composer of a record for a person; None when they may only read."""
    if not user.has_perm("notes.write_note"):
        return None
    try:
        address = reverse("notes:write", args=[kind, record.pk])
    except NoReverseMatch:
        return None
    offered = [verb for verb in _offers[kind] if verb.offered(record, user)]
    buttons = [Button(verb, reverse("web:compose", args=[kind, record.pk, verb.slug]), verb.obstacle(record)) for verb in offered]
    return Composer(address, f"note-{kind.replace('.', '-')}-{record.pk}", buttons)


class Compose(Acting):
    """Asks for what the composer's buttons write down, and writes it."""

    name = "compose"
    route = "compose/<str:kind>/<int:pk>/<slug:slug>"
    permission = "notes.write_note"

    @cached_property
    def record(self) -> Any:
        """The record it is about, if this person may see it."""
        kind, pk = self.kwargs["kind"], self.kwargs["pk"]
        record = record_of(kind, pk, self.user) if url_for(kind, pk) else None
        if record is None:
            raise Http404
        return record

    def the_verb(self) -> Verb:
        """What is written down."""
        for verb in _offers[self.kwargs["kind"]]:
            if verb.slug == self.kwargs["slug"]:
                return verb
        raise Http404

    def heading(self) -> str:
        """The record in words."""
        return str(self.record)

    def stays(self, result: Model) -> bool:
        """What was written down is read on the timeline the person came from."""
        return True
