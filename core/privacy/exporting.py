"""Everything we know of a person in one file: rows as JSON by model, events, the files attached, and where their name stands in free text."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model, QuerySet, TextField
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.events.models import Record
from core.jobs.registry import job
from core.jobs.work import Work
from core.people.hiding import EVERYBODY, hides, payload_for, without_telling
from core.privacy.erasing import Erased, about
from core.privacy.models import PrivacyRequest
from core.privacy.operations import JOB, subject_of
from core.privacy.registry import Subject, not_personal, personal, told

SECRET = frozenset({"password", "sealed", "data", "session_key"})
MOST_MENTIONS = 200


@job(JOB, title=_("What is known of %(whom)s"), icon="shield-user", rights="privacy.export_person")
def export(work: Work, request: int, whom: str) -> None:
    """Gather, pack, and keep it for whoever asked for it."""
    asked = PrivacyRequest.objects.select_related("party", "user").get(pk=request)
    subject = subject_of(asked)
    found = about(subject)
    work.total(len(found) + 2)
    packed = BytesIO()
    keys: Erased = {}
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for one, rows in found:
            kept = list(without_telling(rows, EVERYBODY).order_by("pk"))
            keys.setdefault(one.model, []).extend(row.pk for row in kept)
            if kept:
                file.writestr(f"{one.model._meta.label}.json", as_json([as_facts(row) for row in kept]))
                _add_files(file, kept)
            work.step(note=str(one.model._meta.verbose_name_plural))
        file.writestr("events.json", as_json(events_about(subject, keys)))
        work.step(note=gettext("events"))
        file.writestr("mentions.json", as_json(mentions(subject)))
        work.step(note=gettext("mentions"))
        file.writestr("about.json", as_json({"about": asked.whom, "made_at": clock.now(), "request": asked.pk}))
    work.attach(f"{slugify(asked.whom) or 'person'}.zip", packed.getvalue(), "application/zip")


def as_facts(row: Model) -> dict[str, Any]:
    """A row with every value as it is stored, without secrets and without what is hidden from some of us: what goods cost is not about them."""
    told = [field for field in row._meta.concrete_fields if field.name not in SECRET and not hides(EVERYBODY, type(row), field.name)]
    return {field.name: field.value_from_object(row) for field in told}


def events_about(whom: Subject, keys: Erased) -> list[dict[str, Any]]:
    """What happened around them: the events of their own story, and those that told of their rows."""
    rows: QuerySet[Record] = Record.objects.filter(party_id=whom.party_id) if whom.party_id else Record.objects.none()
    found = {row.pk: row for row in rows}
    for one in told():
        for key in keys.get(one.model, ()):
            found |= {row.pk: row for row in Record.objects.filter(type=one.event.type_name(), payload__contains={one.id_field: key})}
    return [
        {"type": row.type, "at": row.occurred_at, "facts": payload_for(EVERYBODY, row.type, row.payload)}
        for _pk, row in sorted(found.items())
    ]


def mentions(whom: Subject) -> list[dict[str, Any]]:
    """Where their name or address stands in texts that are about something else: for a person to look at, for no program knows what they mean."""
    plain, found = not_personal(), []
    own = {one.model: one.rows(whom) for one in personal()}
    for model, rows in own.items():
        free = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, TextField) and field.name not in plain.get(model._meta.label, ())
        ]
        for name in free:
            others = model._default_manager.filter(whom.called_in(name)).exclude(pk__in=rows.order_by().values("pk")).order_by("pk")
            found += [{"where": model._meta.label, "id": pk, "field": name} for pk in others.values_list("pk", flat=True)[:MOST_MENTIONS]]
    return found


def as_json(facts: Any) -> str:
    """Readable JSON."""
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2, default=str)


def _add_files(file: ZipFile, rows: list[Any]) -> None:
    for row in rows:
        for field in row._meta.concrete_fields:
            stored = getattr(row, field.name) if isinstance(field, FileField) else None
            if stored:
                with stored.open("rb") as content:
                    file.writestr(f"files/{row._meta.model_name}-{row.pk}/{getattr(row, 'name', 'file')}", content.read())
