"""Which rows somebody sees: their own, their team's, or all. A role says so for each kind of record; the widest of one's roles counts.

A queryset that is narrowed is a ``Scoped``: it names whose a row is, and ``visible_to(user)`` is one plain filter on that. Every face
asks it through ``seen_by``: a list, a record, the API, an export, a search, a lookup, a paper, a file, the clerk screens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.events.cause import current_cause
from core.people.hiding import kinds_with_hidden_rows, without_telling
from core.people.holding import held_by
from core.people.models import Reach, TeamMember, User

Row = TypeVar("Row", bound=Model)
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])

WIDTH = {Reach.OWN: 0, Reach.TEAM: 1, Reach.ALL: 2}


@dataclass(frozen=True)
class Scope:
    """One kind of record whose rows a role may see only in part: ``noun`` is the model that decides, e.g. ``crm.deal``."""

    noun: str
    label: str | Promise

    @property
    def permission(self) -> str:
        """The permission to see such records at all."""
        app, _dot, name = self.noun.partition(".")
        return f"{app}.view_{name}"


class Scoped(models.QuerySet[Row]):
    """Rows that belong to somebody. ``NOUN`` names the record whose reach counts, ``OWNERS`` the ways to whose a row is;
    with ``UNOWNED`` rows that are nobody's yet are everybody's: a lead waits to be taken."""

    NOUN: ClassVar[str]
    OWNERS: ClassVar[tuple[str, ...]] = ("owner",)
    UNOWNED: ClassVar[bool] = False

    def visible_to(self, user: User) -> Self:
        """The rows somebody may see."""
        seen = self.seen(user)
        return self.filter(seen) if seen is not None else self

    @classmethod
    def seen(cls, user: User) -> Q | None:
        """Whose rows somebody may see, as a filter; None when it is everybody's."""
        return owned(cls.NOUN, user, cls.OWNERS, unowned=cls.UNOWNED)


def owned(noun: str, user: User, owners: Iterable[str], *, unowned: bool = False) -> Q | None:
    """The rows that are within somebody's reach, as a filter; None when all are."""
    reach = reach_of(user, noun)
    if reach == Reach.ALL:
        return None
    found = Q()
    for owner in owners:
        found |= Q(**{owner: user.pk})
        if reach == Reach.TEAM:
            found |= Q(**{f"{owner}__in": teammates(user)})
        if unowned and user.has_perm(Scope(noun, "").permission):
            found |= Q(**{f"{owner}__isnull": True})
    return found


def teammates(user: User) -> QuerySet[TeamMember, Any]:
    """Everybody in the teams somebody belongs to, as a subquery."""
    return TeamMember.objects.filter(team__retired_at__isnull=True, team__members__user=user.pk).order_by().values("user")


def reach_of(user: User, noun: str) -> Reach:
    """How far somebody sees records of a kind: the widest their roles allow; who may not see such records at all, sees their own."""
    if user.is_superuser or user.is_the_house:
        return Reach.ALL
    needed = Scope(noun, "").permission
    if not user.has_perm(needed):
        return Reach.OWN
    held = held_by(user)
    if not any(noun in reaches for reaches in held.narrowed.values()):
        return Reach.ALL
    seers = [role for role, rights in held.by_role.items() if needed in rights]
    found = [Reach(held.narrowed.get(role, {}).get(noun, Reach.ALL)) for role in seers]
    return max(found, key=WIDTH.__getitem__, default=Reach.ALL)


def reaches_of(user: User) -> Mapping[str, Reach]:
    """How far somebody sees, for every kind that may be narrowed."""
    return {scope.noun: reach_of(user, scope.noun) for scope in scopes()}


def seen_by(rows: Rows, user: User) -> Rows:
    """The rows of a queryset that somebody may see; all where nothing narrows such rows or hides some of them."""
    narrow = getattr(rows, "visible_to", None)
    found: Rows = narrow(user) if narrow is not None else rows
    return without_telling(found, user)


def seen_now(rows: Rows) -> Rows:
    """The rows of a queryset that whoever acts now may see; all where nobody does."""
    person = current_cause().actor
    return seen_by(rows, person) if person is not None else rows


def part_of(kind: str, user: User) -> "QuerySet[Any] | None":
    """The rows of a kind within somebody's reach, when that is a part of those they may see; None when it is all."""
    app, _dot, name = kind.partition(".")
    try:
        rows = apps.get_model(kind)._default_manager.order_by()
    except LookupError:
        return None
    seen = seen_by(rows, user)
    return seen if seen.query.where and user.has_perm(f"{app}.view_{name}") else None


def parts_of(user: User) -> dict[str, "QuerySet[Any]"]:
    """The same for every kind of record of which somebody sees a part only."""
    kinds = set(kinds_with_hidden_rows(user))
    if not set(reaches_of(user).values()) <= {Reach.ALL}:
        kinds |= {model._meta.label_lower for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")}
    found = {
        kind: part_of(kind, user) for kind in sorted(kinds) if not issubclass(type(apps.get_model(kind)._default_manager.all()), OnRecords)
    }
    return {kind: rows for kind, rows in found.items() if rows is not None}


def seen_of(kind: str, pks: Iterable[int], user: User) -> set[int]:
    """Which of these records of a kind are within somebody's reach; asks nothing where nothing is narrowed."""
    wanted = set(pks)
    part = part_of(kind, user)
    return set(part.filter(pk__in=wanted).values_list("pk", flat=True)) if part is not None else wanted


class OnRecords(models.QuerySet[Row]):
    """Rows that hang on a record which ``kind`` and ``object_id`` name: who does not see the record does not see them.
    ``ASKS`` says whether the permission to see the record is asked for as well, or only how far it reaches."""

    ASKS: ClassVar[bool] = True

    def visible_to(self, user: User) -> Self:
        """Those on records somebody may see."""
        rows = self
        hidden = [model._meta.label_lower for model in apps.get_models() if not user.has_perm(_viewing(model))] if self.ASKS else []
        if hidden:
            rows = rows.exclude(kind__in=hidden)
        for kind, part in parts_of(user).items():
            rows = rows.exclude(Q(kind=kind) & ~Q(object_id__in=part.values("pk")))
        return rows


def _viewing(model: type[Model]) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


_scopes: dict[str, Scope] = {}


def provide_scope(noun: str, label: str | Promise) -> None:
    """Let roles be narrowed for a kind of record: ``provide_scope("crm.deal", _("Deals"))`` beside its queryset."""
    _scopes[noun] = Scope(noun, label)


def scopes() -> tuple[Scope, ...]:
    """Every kind of record a role may be narrowed for."""
    return tuple(_scopes[noun] for noun in sorted(_scopes))


REACHES = ((Reach.ALL, _("All")), (Reach.TEAM, _("Their team's")), (Reach.OWN, _("Their own")))
