"""Two people, one record: what stood there when one began, what the other made of it, and which of both is to stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.web import figures
from core.web.changes import ChangeShown, changes_of
from core.web.fields import PercentField
from core.web.lookups import LookupField, lookup_of
from core.web.registry import Text

SALT = "satu.before"
EMPTY = "–"


@dataclass(frozen=True)
class Said:
    """What a field says: ``key`` to compare by, ``words`` to read."""

    key: str
    words: str


@dataclass(frozen=True)
class Difference:
    """One field as it was, as they left it, and as it would become."""

    name: str
    label: Text
    before: str
    theirs: str
    mine: str
    both: bool
    take: str


def version_of(record: object) -> int | None:
    """The version a form carries along; None for rows that are not counted."""
    return getattr(record, "version", None)


def version_sent(request: HttpRequest) -> int | None:
    """The version of the record the person looked at, when their form carried it."""
    sent = request.POST.get("_version", "")
    return int(sent) if sent.isdigit() and len(sent) < 10 else None


def changed_since(record: Model, version: int | None) -> list[ChangeShown]:
    """Who changed what since a version, the latest first, as the database itself recorded it."""
    now = version_of(record)
    if now is None or version is None or now <= version:
        return []
    return [change for change in changes_of(record, now - version) if change.fields]


# -- What a form says --------------------------------------------------------------------------------------------------
def said_by(form: forms.BaseForm, values: Mapping[str, Any]) -> dict[str, Said]:
    """What the fields of a form say with these values."""
    return {name: said(field, values.get(name)) for name, field in form.fields.items() if not field.disabled}


def lines_said(form: type[forms.Form], rows: Sequence[Mapping[str, Any]]) -> Said:
    """What the lines of a document say, a line each."""
    fields = {name: field for name, field in form.base_fields.items() if not field.disabled}
    each = [{name: said(field, row.get(name)) for name, field in fields.items()} for row in rows]
    key = "\n".join("\t".join(one.key for one in row.values()) for row in each)
    return Said(key, "\n".join(" · ".join(one.words for one in row.values() if one.key) for row in each) or EMPTY)


def said(field: forms.Field, value: Any) -> Said:
    """One value, to compare and to read."""
    key = _key(value)
    return Said(key, _words(field, value) if key else EMPTY)


def _is_many(value: Any) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "iterator")


def _key(value: Any) -> str:
    if value is None or value is False:
        return ""
    if _is_many(value):
        return ",".join(sorted(_key(one) for one in value))
    for kind, key in KEYS:
        if isinstance(value, kind):
            return str(key(value))
    return str(value).replace("\r\n", "\n").strip()


KEYS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (Model, lambda record: record.pk),
    (Decimal, lambda number: f"{number.normalize():f}"),
    (datetime, lambda moment: f"{moment.timestamp():.0f}"),
    (date, lambda day: day.isoformat()),
)
WORDS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda _yes: _("yes")),
    (Decimal, figures.quantity),
    (datetime, figures.moment),
    (date, lambda day: figures.day(day, year=True)),
)


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model) or isinstance(field, LookupField):
        return _record_in_words(field, value)
    if _is_many(value):
        return ", ".join(_words(field, one) for one in value)
    if isinstance(field, PercentField) and isinstance(value, Decimal):
        return figures.percent(value)
    for kind, words in WORDS:
        if isinstance(value, kind):
            return words(value)
    choices = {str(code): label for code, label in field.choices} if isinstance(field, forms.ChoiceField) else {}  # type: ignore[misc, union-attr]
    return str(choices.get(str(value), value))


def _record_in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, LookupField):
        record = value if isinstance(value, Model) else lookup_of(field.kind).rows().filter(pk=value).first()
        return lookup_of(field.kind).label(record) if record else EMPTY
    return str(value)


# -- What travels with the form ----------------------------------------------------------------------------------------
def sealed(fields: Mapping[str, Said], lines: Said | None) -> str:
    """What stood in the form when it was opened, signed, to travel with it."""
    told = {name: [one.key, one.words] for name, one in fields.items()}
    return signing.dumps({"fields": told, "lines": [lines.key, lines.words] if lines else None}, salt=SALT, compress=True)


def opened(seal: str) -> tuple[dict[str, Said], Said | None] | None:
    """What stood in the form when it was opened; None when nobody knows."""
    try:
        told = signing.loads(seal, salt=SALT)
    except signing.BadSignature:
        return None
    return {name: Said(*one) for name, one in told["fields"].items()}, Said(*told["lines"]) if told["lines"] else None


def differences(
    labels: Mapping[str, Text], before: Mapping[str, Said], theirs: Mapping[str, Said], mine: Mapping[str, Said]
) -> list[Difference]:
    """The fields on which the two differ, those both changed first. What only one changed is taken from them unless said otherwise."""
    found = []
    for name, label in labels.items():
        if name not in theirs or name not in mine or theirs[name].key == mine[name].key:
            continue
        was = before.get(name, theirs[name])
        they, i_did = theirs[name].key != was.key, mine[name].key != was.key
        take = "mine" if i_did and not they else "theirs"
        found.append(Difference(name, label, was.words, theirs[name].words, mine[name].words, they and i_did, take))
    return sorted(found, key=lambda one: not one.both)
