"""The timeline: the event records of a customer or a document, in words. There is no copy that could drift."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext

from core.catalog.models import Product
from core.effects.events import MailFailed, MailRequested, MailSent
from core.events.cause import current_cause
from core.events.codec import from_json
from core.events.event import Event
from core.events.listening import HANDLERS
from core.events.models import Delivery, Record
from core.notes.events import NoteWritten
from core.people.hiding import hidden_events, hidden_facts
from core.people.models import User
from core.people.visibility import parts_of
from core.web import figures, house
from core.web.registry import url_for
from core.web.sections import Entry
from integration.customer360.stories import ID_FIELDS, NOT_TOLD, STORIES, Story

HIDDEN = "\N{BULLET}\N{BULLET}\N{BULLET}"
"""Stands where a sentence would tell what the person may not see."""
NOTE = NoteWritten.type_name()
REQUESTED = MailRequested.type_name()
ENDED = (MailSent.type_name(), MailFailed.type_name())
MAILS = (REQUESTED, *ENDED)
"""A mail is told once: that it waits, until it has left or failed."""
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
TO_DO = Delivery.objects.unfinished().filter(record=OuterRef("pk")).order_by("pk")
"""What workers have still to do because of a record."""


def timeline(kind: str, pk: int, party_id: int | None, user: User, limit: int) -> Sequence[Entry]:
    """What happened around a party (``kind`` is ``parties.party`` or it is all a record names) or to one document."""
    told = about(kind, pk, party_id).exclude(~Exists(TO_DO), type__in=NOT_TOLD)
    marked = seen_by(user, told, kind).annotate(unfinished=ArraySubquery(TO_DO.values_list("handler")), stuck=Exists(TO_DO.dead()))
    entries = [(record.type, entry_of(record)) for record in marked[:limit]]
    told_or_awaited = [replace(entry, title="") if name in NOT_TOLD else entry for name, entry in entries]
    return [entry for entry in told_or_awaited if entry.title or entry.awaited]


def records_of(kind: str, pk: int, party_id: int | None) -> QuerySet[Record]:
    """The records a timeline tells, newest first: events that name the document, and notes on it."""
    return about(kind, pk, party_id).exclude(type__in=NOT_TOLD)


def about(kind: str, pk: int, party_id: int | None) -> QuerySet[Record]:
    """Those records and the ones that are told to nobody but those who wait for what follows."""
    ended = Record.objects.filter(type__in=ENDED).values("key")
    told = Record.objects.exclude(type=REQUESTED, key__in=ended).select_related("actor").order_by("-occurred_at", "-pk")
    if kind == "parties.party":
        return told.filter(party=pk)
    named = [Q(payload__contains={field: pk}) for field in ID_FIELDS.get(kind, ())]
    noted = Q(type=NOTE, payload__contains={"kind": kind, "object_id": pk})
    mailed = Q(type__in=MAILS, payload__contains={"about_kind": kind, "about_id": pk})
    named_here = told.filter(reduce(or_, named, noted | mailed))
    return named_here.filter(party=party_id) if party_id else named_here


def seen_by(user: User, records: QuerySet[Record], kind: str) -> QuerySet[Record]:
    """Without the notes on documents of a kind this person may not see."""
    records = within_reach(user, records)
    if kind != "parties.party" or user.is_superuser:
        return records
    hidden = [other for other in (*ID_FIELDS, "finance.journalentry") if not may_see(user, other)]
    return records.exclude(type=NOTE, payload__kind__in=hidden) if hidden else records


def within_reach(user: User, records: QuerySet[Record]) -> QuerySet[Record]:
    """Without the facts about documents, and around parties, that are not within this person's reach, and those that tell too much."""
    parts, hidden = parts_of(user), hidden_events(user)
    if hidden:
        records = records.exclude(type__in=hidden)
    if "parties.party" in parts:
        records = records.filter(Q(party__isnull=True) | Q(party__in=parts["parties.party"].values("pk")))
    for kind, fields in ID_FIELDS.items():
        if kind not in parts:
            continue
        seen = parts[kind].values("pk")
        for field in (*fields, "object_id", "about_id"):
            said = {f"said_{field}": Cast(KeyTextTransform(field, "payload"), BigIntegerField())}
            silent = Q(**{f"said_{field}__isnull": True}) | Q(**{f"said_{field}__in": seen})
            if field not in fields:
                silent |= ~Q(**{f"payload__{field.replace('object_id', 'kind').replace('about_id', 'about_kind')}": kind})
            records = records.alias(**said).filter(silent)
    return records


def may_see(user: User, kind: str) -> bool:
    """Whether a person may see documents of a kind."""
    app, _dot, name = kind.partition(".")
    return user.has_perm(f"{app}.view_{name}")


def title_of(record: Record) -> str:
    """What happened, in one sentence; a type without a story is told by its name."""
    return _sentence(*_told(record))


def entry_of(record: Record) -> Entry:
    """One record in words: what happened, when, by whom, what was said, and the document it leads to."""
    event, story = _told(record)
    if isinstance(event, NoteWritten):
        story = replace(story or STORIES[NOTE], kind="" if event.kind == "parties.party" else event.kind, id_field="object_id")
    if isinstance(event, (MailRequested, MailSent, MailFailed)) and event.about_kind not in {"", "parties.party"}:
        story = replace(story or STORIES[record.type], kind=event.about_kind, id_field="about_id")
    return Entry(
        title=_sentence(event, story),
        at=record.occurred_at,
        who=record.actor.name if record.actor else "",
        icon=story.icon if story else "dot",
        body=_body(event, story) if story else "",
        url=url_for(story.kind, getattr(event, story.id_field, None)) if story and story.kind else "",
        why=reverse("customer360:why", args=[record.pk]),
        awaited=_awaited(record),
        stuck=getattr(record, "stuck", False),
    )


def _awaited(record: Record) -> str:
    """What workers have still to do because of it, as far as people wait for it."""
    names: list[str] = getattr(record, "unfinished", [])
    return ", ".join(str(HANDLERS[name].awaited) for name in names if name in HANDLERS and HANDLERS[name].awaited)


def _told(record: Record) -> tuple[Event, Story | None]:
    event = from_json(record.type, record.schema_version, record.payload)
    story = STORIES.get(record.type)
    if story and story.lacking and getattr(event, story.lacking):
        story = replace(story, icon="package-x", sentence=story.lacks)
    return event, story


def sentence_of(event: Event) -> str:
    """What an event says, in one sentence; an event without a story is told by its name, in words."""
    return _sentence(event, STORIES.get(event.type_name()))


def _sentence(event: Event, story: Story | None) -> str:
    return str(story.sentence) % _words(event) if story else CAPITAL.sub(" ", type(event).__name__).capitalize()


def _body(event: Event, story: Story) -> str:
    if story.lacking:
        return _missing(getattr(event, story.lacking))
    quoted = getattr(event, story.body, "") if story.body else ""
    return str(quoted or (story.says % _words(event) if story.says else ""))


def _missing(lines: Sequence[Any]) -> str:
    """What is missing, one product a line; no line, no words."""
    if not lines:
        return ""
    products = Product.objects.select_related("unit").in_bulk({line.product_id for line in lines})
    told = ((figures.quantity(line.quantity), products.get(line.product_id)) for line in lines)
    return "\n".join(
        gettext("%(quantity)s %(unit)s %(product)s missing") % {"quantity": quantity, "unit": product.unit.code, "product": product.name}
        for quantity, product in told
        if product
    )


def _words(event: Event) -> dict[str, Any]:
    currency = getattr(event, "currency", "") or (house.currency() if "amount" in event.field_names() else "")
    person = current_cause().actor
    hidden = hidden_facts(person, event.type_name()) if person is not None else frozenset()
    return {name: HIDDEN if name in hidden else _word(getattr(event, name), currency) for name in event.field_names()}


def _word(value: object, currency: str) -> str:
    if isinstance(value, Decimal):
        return figures.money(value, currency) if currency else figures.quantity(value)
    if isinstance(value, date):
        return figures.day(value)
    if isinstance(value, tuple):
        return ", ".join(part if "@" in part else gettext(part.replace("_", " ")) for part in map(str, value))
    return str(value)
