"""Which operations may be held, and what each says of itself. Declared by ``held`` beside the operation."""

import inspect
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model
from django.urls import get_resolver
from django.utils.translation import gettext as _

from core.approvals import codec
from core.errors import Text
from core.people.passwords import Hashed, hashed

Arguments = dict[str, Any]
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Told:
    """One thing that would change: what it is called, how it is now and how it would be. ``permission`` hides it from everybody else."""

    label: Text
    before: str = ""
    after: str = ""
    permission: str = ""


@dataclass(frozen=True)
class Held:
    """An operation that may wait for a second person."""

    name: str
    title: Text
    operation: Callable[..., Any]
    permission: str
    needs: str
    tell: Callable[..., Sequence[Told]]
    about: str = ""
    named: Callable[..., str] | None = None
    when: Callable[..., bool] | None = None
    words: str = ""
    against: Callable[..., None] | None = None
    always: bool = False
    hashed: tuple[str, ...] = ()
    collected: bool = False

    @cached_property
    def hints(self) -> Mapping[str, Any]:
        """The types of its arguments."""
        return {name: kind for name, kind in typing.get_type_hints(self.operation).items() if name not in {"by", "return"}}

    @cached_property
    def needed(self) -> frozenset[str]:
        """The arguments it cannot do without."""
        parameters = inspect.signature(self.operation).parameters.values()
        return frozenset(one.name for one in parameters if one.default is one.empty and one.name != "by")

    @property
    def right(self) -> str:
        """What its checker has to be allowed, in words."""
        app_label, _dot, codename = self.needs.partition(".")
        found = Permission.objects.filter(content_type__app_label=app_label, codename=codename).values_list("name", flat=True).first()
        return _(found).removeprefix("Can ") if found else self.needs

    def kept(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call as JSON; passwords only as what their hash is."""
        safe = {name: hashed(value) if name in self.hashed and value is not None else value for name, value in given.items()}
        return codec.kept(self.hints, safe)

    def given(self, facts: Mapping[str, Any]) -> Arguments:
        """The arguments of a call that was kept."""
        found = codec.given_again(self.hints, self.needed, facts)
        return {name: Hashed(value) if name in self.hashed and value is not None else value for name, value in found.items()}

    def without_hashes(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What is left of a call's arguments once nobody needs its passwords any more."""
        return {name: value for name, value in facts.items() if name not in self.hashed}

    def record(self, given: Mapping[str, Any]) -> Model | None:
        """The record a call is about."""
        found: Model | None = given.get(self.about) if self.about else None
        return found

    def subject(self, given: Mapping[str, Any]) -> str:
        """What a call is about, in words."""
        record = self.record(given)
        words = self.named(**given) if self.named else str(record or "")
        return words if len(words) <= LONGEST_SUBJECT else f"{words[: LONGEST_SUBJECT - 1]}\N{HORIZONTAL ELLIPSIS}"

    def concerns(self, given: Mapping[str, Any], by: Any) -> bool:
        """Whether a call is one of those that wait."""
        return self.when is None or self.when(by=by, **given)


HELD: dict[str, Held] = {}


def held_called(name: str) -> Held | None:
    """A held operation by its name; None when this release does not know it."""
    return every().get(name)


def every() -> Mapping[str, Held]:
    """Every operation that may be held. They declare themselves when the pages are read: make sure that has happened, also in a worker."""
    get_resolver().url_patterns  # noqa: B018
    return HELD


def switchable() -> Iterable[Held]:
    """Those the owner decides about."""
    return [one for one in every().values() if not one.always]
