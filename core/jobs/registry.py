"""The kinds of jobs there are: a name, a title for people, and the function that does the work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.utils.functional import Promise

Run = Callable[..., None]
Text = str | Promise


@dataclass(frozen=True)
class JobKind:
    """One kind of job. ``run(work, **params)`` does it; ``title % params`` names it; ``tells`` its owner when it ends."""

    name: str
    title: Text
    run: Run
    icon: str = "cog"
    tells: bool = True
    rights: str = ""


KINDS: dict[str, JobKind] = {}


def job(name: str, *, title: Text, icon: str = "cog", tells: bool = True, rights: str = "") -> Callable[[Run], Run]:
    """Declare a job: ``@job("list.export", title=_("Export of %(what)s")) def export(work, **params): ...``.

    ``rights`` is a permission its owner must still hold when a worker takes it up.
    """

    def register(run: Run) -> Run:
        known = KINDS.get(name)
        if known is not None and known.run.__module__ != run.__module__:
            raise ValueError(f"Two kinds of jobs are called {name}: rename one.")
        KINDS[name] = JobKind(name, title, run, icon, tells, rights)
        return run

    return register


def loaded() -> Mapping[str, JobKind]:
    """Every kind; they register when the screens are imported, so make sure of that, also in a worker."""
    get_resolver().url_patterns  # noqa: B018
    return KINDS


def title_of(kind: str, params: Mapping[str, Any]) -> str:
    """A job in words; its kind's name when this release does not know it, or it was started with other params."""
    known = KINDS.get(kind) or loaded().get(kind)
    if known is None:
        return kind
    try:
        return str(known.title) % params
    except (KeyError, ValueError, TypeError):
        return str(known.title)
