"""The documents beside a record, as docflow links them, ready to be shown."""

from dataclasses import dataclass

from django.apps import apps

from core.docflow.flow import related
from core.people.models import User
from core.people.visibility import seen_of
from core.web.registry import url_for


@dataclass(frozen=True)
class Neighbour:
    """A related document: its kind, also in words, its number, and whether it came after this one."""

    kind: str
    id: int
    label: str
    number: str
    relation: str
    came_after: bool

    @property
    def url(self) -> str:
        """Its page."""
        return url_for(self.kind, self.id)


def neighbours(kind: str, pk: int, user: User) -> list[Neighbour]:
    """The documents a record came from and became, as far as the person sees them."""
    every = related(kind, pk)
    seen = {one: seen_of(one, [row.id for row in every if row.kind == one], user) for one in {row.kind for row in every}}
    found = [one for one in every if one.id in seen[one.kind]]
    words = {one: _labels(one, [row.id for row in found if row.kind == one]) for one in {row.kind for row in found}}
    return [Neighbour(one.kind, one.id, words[one.kind].get(one.id, ""), one.number, one.relation, one.came_after) for one in found]


def _labels(kind: str, pks: list[int]) -> dict[int, str]:
    """What documents of a kind are called; a model whose rows are called differently says so in ``kind_words``."""
    try:
        model = apps.get_model(kind)
    except LookupError:
        return dict.fromkeys(pks, kind)
    if hasattr(model, "kind_words"):
        return {pk: str(row.kind_words) for pk, row in model._default_manager.in_bulk(pks).items()}
    return dict.fromkeys(pks, str(model._meta.verbose_name).capitalize())
