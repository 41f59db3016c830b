"""Which columns of a list a person looks at, and in which order; the dialog they choose them in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect

from core.web.cells import Cell, Money, Status
from core.web.filterable import cell_name
from core.web.operations import change_view, choose_columns, may_change

if TYPE_CHECKING:
    from core.web.lists import ListScreen

PARAM = "cols"


@dataclass(frozen=True)
class Column:
    """A column as the page draws it."""

    cell: Cell
    sort_query: str
    direction: str


@dataclass(frozen=True)
class Choice:
    """A column as the dialog offers it."""

    name: str
    label: str
    shown: bool


def chosen(cells: Sequence[Cell], names: Sequence[str]) -> tuple[Cell, ...]:
    """The cells of these names, in this order; names nobody knows are passed over."""
    known = {cell_name(cell): cell for cell in cells}
    return tuple(known[name] for name in dict.fromkeys(names) if name in known)


def offered(screen: "ListScreen") -> list[Choice]:
    """All columns, the shown ones first and in their order."""
    shown = list(screen.cells)
    hidden = [cell for cell in screen.every_cell() if cell not in shown]
    return [Choice(cell_name(cell), str(cell.label), cell in shown) for cell in (*shown, *hidden) if cell.label]


def columns_tool(screen: "ListScreen") -> HttpResponse:
    """The dialog; what was chosen is kept in the open view when it is one's own, else for the person."""
    request = screen.request
    if request.method != "POST":
        return screen.show("web/list_columns_dialog.html" if request.htmx else "web/list_columns.html", choices=offered(screen))
    every = [cell_name(cell) for cell in screen.every_cell()]
    asked = [name for name in request.POST.getlist("column") if name in every]
    standard = [cell_name(cell) for cell in screen.columns]
    if "standard" in request.POST or asked == standard:
        asked = []
    view = screen.view
    if view is None:
        choose_columns(screen.screen_name(), asked, by=screen.user)
        target = screen.query(**{PARAM: ""})
    elif may_change(view, screen.user):
        change_view(view, columns=asked, by=screen.user)
        target = screen.query(**{PARAM: ""})
    else:
        target = screen.query(**{PARAM: ",".join(asked or standard)})
    address = screen.url() + target
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def with_phone_places(cells: Sequence[Cell]) -> list[Cell]:
    """Cells with a place on a phone's card each; what is not declared is guessed: first, state, amount and one line below."""
    taken = {cell.phone for cell in cells if cell.phone}
    amounts: list[Cell] = [cell for cell in cells if isinstance(cell, Money)]
    amounts = amounts or [cell for cell in cells if cell.align]
    placed = []
    for number, cell in enumerate(cells):
        if number == 0:
            place = "main"
        elif isinstance(cell, Status):
            place = "state"
        elif cell.align:
            place = "amount" if amounts[-1] is cell else "none"
        else:
            place = "sub"
        place = cell.phone or ("none" if place in taken else place)
        placed.append(replace(cell, phone=place))
        taken.add(place)
    return placed
