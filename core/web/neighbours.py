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
    found = related(kind, pk)
    words = {one: _labels(one, [row.id for row in found if row.kind == one]) for one in {row.kind for row in found}}
    return [
        Neighbour(words[one.kind].get(one.id, ""), one.number, url_for(one.kind, one.id), one.relation, one.came_after) for one in found
    ]


def _labels(kind: str, pks: list[int]) -> dict[int, str]:
    """What documents of a kind are called; a model whose rows are called differently says so in ``kind_words``."""
    try:
        model = apps.get_model(kind)
    except LookupError:
        return dict.fromkeys(pks, kind)
    if hasattr(model, "kind_words"):
        return {pk: str(row.kind_words) for pk, row in model._default_manager.in_bulk(pks).items()}
    return dict.fromkeys(pks, str(model._meta.verbose_name).capitalize())
