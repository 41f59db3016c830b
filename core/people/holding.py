"""What somebody holds: read in the statement that reads the person, so it is known as soon as it is known who somebody is."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from core.people.door.owing import owing
from core.people.models import CompanyRole, RightGiven, User


@dataclass(frozen=True)
class Held:
    """What somebody holds: permissions by role, those of their own, and how far their narrowed roles see."""

    by_role: Mapping[int, frozenset[str]]
    direct: frozenset[str]
    narrowed: Mapping[int, Mapping[str, str]]

    @property
    def every(self) -> frozenset[str]:
        """Every permission."""
        return self.direct.union(*self.by_role.values())


def held_by(user: User) -> Held:
    """What somebody holds, read once for as long as the person is at hand."""
    if not hasattr(user, "_held"):
        found: Any = read_with_rights(user.pk)
        user._held = found._held if found is not None else Held({}, frozenset(), {})  # type: ignore[attr-defined]
    held: Held = user._held  # type: ignore[attr-defined]
    return held


def read_with_rights(pk: Any) -> User | None:
    """The person with what they hold, in one statement that is written once: it is asked for with every request."""
    statement, values = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values[:-1], pk])
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, rights, direct, reaches, owes = row
    user = User.from_db(connection.alias, [field.attname for field in User._meta.concrete_fields], columns)
    by_role: dict[int, set[str]] = defaultdict(set)
    for one in rights:
        role, _colon, right = one.partition(":")
        by_role[int(role)].add(right)
    narrowed = {int(role): json.loads(said) for role, _colon, said in (one.partition(":") for one in reaches)}
    held = Held({role: frozenset(found) for role, found in by_role.items()}, frozenset(direct), narrowed)
    user._held, user.owes_factor = held, owes  # type: ignore[attr-defined]
    if not user.is_superuser:
        user._perm_cache = set(held.every)  # type: ignore[attr-defined]
    return user


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The statement and its values; the last one is the person."""
    return User.objects.annotate(**_told()).filter(pk=0).query.sql_with_params()


def _told() -> dict[str, Any]:
    """The rights of a person, and whether they still owe a second factor, as further columns of the person."""
    name = Concat(F("permission__content_type__app_label"), Value("."), F("permission__codename"))
    given = RightGiven.objects.filter(group__user=OuterRef("pk")).order_by()
    reaches = CompanyRole.objects.filter(group__user=OuterRef("pk")).exclude(reaches={}).order_by()
    return {
        "told_rights": ArraySubquery(
            given.annotate(full=Concat(Cast("group_id", TextField()), Value(":"), name, output_field=TextField())).values("full")
        ),
        "told_direct": ArraySubquery(named(Permission.objects.filter(user=OuterRef("pk"))).values("full")),
        "told_reaches": ArraySubquery(
            reaches.annotate(
                full=Concat(Cast("group_id", TextField()), Value(":"), Cast("reaches", TextField()), output_field=TextField())
            ).values("full")
        ),
        "owes_factor": owing(),
    }


def named(permissions: "QuerySet[Permission]") -> Any:
    """Permissions with their names."""
    return permissions.order_by().annotate(full=Concat(F("content_type__app_label"), Value("."), F("codename")))
