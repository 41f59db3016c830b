"""The documents beside a record, as docflow links them, ready to be shown."""

from dataclasses import dataclass

from django.apps import apps

from core.docflow.flow import related
from core.web.registry import url_for


@dataclass(frozen=True)
class Neighbour:
    """A related document: its kind in words, its number, its page, and whether it came after this one."""

    label: str
    number: str
    url: str
    relation: str
    came_after: bool


def neighbours(kind: str, pk: int) -> list[Neighbour]:
    """The documents a record came from and became."""
    return [Neighbour(_label(one.kind), one.number, url_for(one.kind, one.id), one.relation, one.came_after) for one in related(kind, pk)]


def _label(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name).capitalize()
    except LookupError:
        return kind
