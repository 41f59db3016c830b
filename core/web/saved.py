"""Saved views above a list: which there are for a person, which is open, and what is done with them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.web import refusals
from core.web.columns import PARAM
from core.web.filterable import cell_name
from core.web.models import ListHabit, SavedView
from core.web.operations import change_view, delete_view, may_change, open_with, save_view

if TYPE_CHECKING:
    from core.web.lists import ListScreen

NOT_KEPT = ("after", "before", "at", "export", "view", PARAM, "still")
"""What of an address is no part of a view."""


def state_of(query: QueryDict) -> str:
    """The part of an address that a view keeps."""
    params = query.copy()
    for name in NOT_KEPT:
        params.pop(name, None)
    for name in [name for name, values in params.lists() if not any(values)]:
        params.pop(name)
    return params.urlencode(safe="~,")


def same(one: str, other: str) -> bool:
    """Whether two query strings ask the same, in whatever order."""
    return sorted(QueryDict(one).lists()) == sorted(QueryDict(other).lists())


@dataclass(frozen=True)
class Tab:
    """A view as it stands above the list."""

    view: SavedView
    url: str
    is_open: bool
    is_mine: bool


@dataclass
class Desk:
    """A person's views of one list, the columns they chose, and the view it opens with."""

    screen: "ListScreen"
    views: list[SavedView]
    habit: ListHabit | None
    habit_view: SavedView | None
    open: SavedView | None

    @classmethod
    def of(cls, screen: "ListScreen") -> "Desk":
        """What is kept, in two questions."""
        name, user = screen.screen_name(), screen.user
        found = SavedView.objects.visible_to(user).filter(screen=name).select_related("owner").order_by("name", "pk")
        views = sorted(found, key=lambda view: view.owner_id != user.pk)
        habit = ListHabit.objects.filter(person=user, screen=name).first()
        by_key = {view.pk: view for view in views}
        asked = screen.asked("view")
        opened = by_key.get(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
        return cls(screen, views, habit, by_key.get((habit.opens_with_id or 0) if habit else 0), opened)

    def onward(self) -> str:
        """Where an address that says little leads: a bare one to the view the list opens with, a view's to all it asks."""
        asked = self.screen.request.GET
        if not asked:
            return address_of(self.habit_view) if self.habit_view else ""
        return address_of(self.open) if self.open is not None and set(asked) == {"view"} and self.open.query else ""

    def columns(self) -> list[str]:
        """The columns the open view or the person's habit names."""
        if self.open is not None and self.open.columns:
            return list(self.open.columns)
        return list(self.habit.columns) if self.habit else []

    def tabs(self) -> list[Tab]:
        """The views, one's own first."""
        return [Tab(view, address_of(view), view == self.open, view.owner_id == self.screen.user.pk) for view in self.views]

    @property
    def plain_url(self) -> str:
        """The list without any view."""
        return "?view=all" if self.habit_view else "?"

    @property
    def is_default(self) -> bool:
        """Whether the open view is what the list opens with."""
        return self.open is not None and self.open == self.habit_view

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than the open view."""
        if self.open is None:
            return False
        return not same(state_of(self.screen.request.GET), self.open.query) or bool(self.screen.asked(PARAM))

    @property
    def may_change(self) -> bool:
        """Whether the person may change the open view."""
        return self.open is not None and may_change(self.open, self.screen.user)

    @property
    def worth_saving(self) -> bool:
        """Whether the list shows anything that a view could keep."""
        return bool(state_of(self.screen.request.GET)) or bool(self.screen.asked(PARAM))


def address_of(view: SavedView) -> str:
    """The address a view stands for."""
    return f"?view={view.pk}{f'&{view.query}' if view.query else ''}"


class ViewForm(forms.Form):
    """What a view is called, and who sees it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with everybody who may open this list"), required=False)
    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)


class RenameForm(forms.Form):
    """A new name."""

    name = forms.CharField(label=_("Name"), max_length=60)


def views_tool(screen: "ListScreen") -> HttpResponse:
    """Save the list as it is now under a name."""
    request = screen.request
    form = ViewForm(request.POST or None) if request.method == "POST" else ViewForm()
    told: object = ""
    if request.method == "POST" and form.is_valid():
        shown = [cell_name(cell) for cell in screen.cells]
        try:
            view = save_view(
                screen=screen.screen_name(),
                query=state_of(request.GET),
                columns=[] if shown == [cell_name(cell) for cell in screen.columns] else shown,
                by=screen.user,
                **form.cleaned_data,
            )
        except Refused as refusal:
            told = "" if refusals.put_on(form, refusal) else refusals.told(refusal)
        else:
            return _onward(screen, address_of(view), _now("“%(view)s” is saved.") % {"view": view.name})
    return _ask(screen, form, _now("Save view"), told=told)


def view_tool(screen: "ListScreen") -> HttpResponse:
    """Rename, share, throw away, update a view, or let the list open with it."""
    view = (
        SavedView.objects.visible_to(screen.user)
        .filter(screen=screen.screen_name(), pk=screen.kwargs["view"])
        .select_related("owner")
        .first()
    )
    if view is None:
        raise Http404
    request = screen.request
    does = request.POST.get("do", "") if request.method == "POST" else request.GET.get("do", "")
    if does == "rename":
        return _rename(screen, view)
    if request.method != "POST":
        if does != "delete":
            return HttpResponseNotAllowed(["POST"])
        question = _now("Delete the view “%(view)s”? The records it shows stay.") % {"view": view.name}
        return _ask(screen, forms.Form(), _now("Delete view"), does="delete", question=question, submit=_now("Delete view"))
    return _does(screen, view, does)


def _does(screen: "ListScreen", view: SavedView, does: str) -> HttpResponse:
    """One operation call, and a word about it."""
    user, query = screen.user, address_of(view)
    if does == "delete":
        delete_view(view, by=user)
        query, said = "", _now("“%(view)s” is gone.")
    elif does in {"share", "unshare"}:
        change_view(view, is_shared=does == "share", by=user)
        said = _now("Everybody who may open this list sees “%(view)s” now.") if does == "share" else _now("Only you see “%(view)s” now.")
    elif does == "update":
        shown = [cell_name(cell) for cell in screen.cells]
        standard = [cell_name(cell) for cell in screen.columns]
        view = change_view(view, query=state_of(screen.request.GET), columns=[] if shown == standard else shown, by=user)
        query, said = address_of(view), _now("“%(view)s” is saved.")
    elif does in {"default", "plain"}:
        open_with(screen.screen_name(), view if does == "default" else None, by=user)
        said = _now("This list opens with “%(view)s” now.") if does == "default" else _now("This list opens without “%(view)s” now.")
    else:
        raise Http404
    return _onward(screen, query, said % {"view": view.name})


def _rename(screen: "ListScreen", view: SavedView) -> HttpResponse:
    request = screen.request
    form = RenameForm(request.POST) if request.method == "POST" else RenameForm(initial={"name": view.name})
    told: object = ""
    if request.method == "POST" and form.is_valid():
        try:
            view = change_view(view, name=form.cleaned_data["name"], by=screen.user)
        except Refused as refusal:
            told = "" if refusals.put_on(form, refusal) else refusals.told(refusal)
        else:
            return _onward(screen, address_of(view), "")
    return _ask(screen, form, _now("Rename view"), told=told, does="rename")


def _ask(screen: "ListScreen", form: Any, title: str, **more: object) -> HttpResponse:
    status = 422 if form.is_bound else 200
    template = "web/list_view_dialog.html" if screen.request.htmx else "web/list_view.html"
    return screen.show(template, status=status, form=form, title=title, **more)


def _onward(screen: "ListScreen", query: str, said: str) -> HttpResponse:
    if said:
        messages.success(screen.request, said)
    address = screen.url() + query
    if screen.request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
