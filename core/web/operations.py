"""What is done with views of lists: kept, changed, shared, thrown away, made the one a list opens with."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.people.models import User
from core.people.roles import Role
from core.web.models import ListHabit, SavedView


class NotYourView(Refused):
    """A shared view belongs to whoever made it."""


class ViewNamed(Refused):
    """Two views of one person and list cannot have one name."""


def save_view(
    *, screen: str, name: str, query: str, columns: Sequence[str] = (), is_shared: bool = False, is_default: bool = False, by: User
) -> SavedView:
    """Keep a list as it is now under a name, for oneself or for everybody who may open the list."""
    with locked(by=by):
        name = _fit_name(name, screen, by)
        view = SavedView.objects.create(owner=by, screen=screen, name=name, query=query, columns=list(columns), is_shared=is_shared)
        if is_default:
            _habit(screen, by, opens_with=view)
    return view


def change_view(
    view: SavedView,
    *,
    name: str | None = None,
    query: str | None = None,
    columns: Sequence[str] | None = None,
    is_shared: bool | None = None,
    by: User,
) -> SavedView:
    """Rename a view, share it or keep it to oneself, or let it show what the list shows now. What is not given stays."""
    with locked(view, ListHabit.objects.filter(opens_with=view).exclude(person=view.owner_id), by=by) as (view, habits):
        _theirs(view, by)
        if name is not None and name.strip() != view.name:
            view.name = _fit_name(name, view.screen, view.owner)
        view.query = view.query if query is None else query
        view.columns = view.columns if columns is None else list(columns)
        if is_shared is not None:
            view.is_shared = is_shared
            if not is_shared:
                _forget(habits)
        view.save(update_fields=["name", "query", "columns", "is_shared"])
    return view


def delete_view(view: SavedView, *, by: User) -> None:
    """Throw a view away; lists that opened with it open plainly again."""
    with locked(view, ListHabit.objects.filter(opens_with=view), by=by) as (view, habits):
        _theirs(view, by)
        _forget(habits)
        view.delete()


def open_with(screen: str, view: SavedView | None, *, by: User) -> None:
    """Let a list open with a view for this person, or plainly."""
    with locked(by=by):
        _habit(screen, by, opens_with=view)


def choose_columns(screen: str, columns: Sequence[str], *, by: User) -> None:
    """Show these columns of a list, in this order, to this person; none: as everybody sees it."""
    with locked(by=by):
        _habit(screen, by, columns=list(columns))


def may_change(view: SavedView, user: User) -> bool:
    """Whether somebody may change a view: who made it, and the company's owner."""
    return view.owner_id == user.pk or user.groups.filter(name=Role.OWNER).exists()


def _theirs(view: SavedView, by: User) -> None:
    if not may_change(view, by):
        raise NotYourView(
            _("“%(view)s” belongs to %(owner)s.") % {"view": view.name, "owner": view.owner.name},
            fix=_("Save it under a name of your own."),
        )


def _fit_name(name: str, screen: str, owner: User) -> str:
    name = name.strip()[:60]
    if not name:
        raise ViewNamed(_("A view needs a name."), fix=_("Say what it shows."), field="name")
    if SavedView.objects.filter(owner=owner, screen=screen, name=name).exists():
        raise ViewNamed(_("There is a view called “%(name)s” already.") % {"name": name}, fix=_("Choose another name."), field="name")
    return name


def _forget(habits: Sequence[ListHabit]) -> None:
    for habit in habits:
        habit.opens_with = None
        habit.save(update_fields=["opens_with"])


def _habit(screen: str, person: User, **habit: object) -> None:
    ListHabit.objects.update_or_create(person=person, screen=screen, defaults=habit)
