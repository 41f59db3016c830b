"""What a view may keep of a list, checked by the list itself."""

from collections.abc import Sequence
from typing import TypedDict

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refused
from core.people.models import User
from core.web.filterable import cell_name
from core.web.opening import NoSuchList, opened
from core.web.saved import state_of


class ViewUnfit(Refused):
    """A view that its list could not show."""


class Kept(TypedDict):
    """The part of an address and the columns that a view keeps."""

    query: str
    columns: list[str]


def checked(screen: str, query: str, columns: Sequence[str], user: User) -> Kept:
    """What a view of this list would keep. Raises ViewUnfit when the person cannot open the list, or the list cannot show it."""
    try:
        found = opened(screen, query, user)
    except (NoSuchList, PermissionError) as error:
        raise ViewUnfit(_("There is no list “%(name)s” that you may open.") % {"name": screen}, field="screen") from error
    if not found.has_tools():
        raise ViewUnfit(_("“%(list)s” keeps no views.") % {"list": found.title}, field="screen")
    wrong = next((condition.error for condition in found.conditions if condition.error), "")
    if wrong:
        raise ViewUnfit(wrong, field="query")
    known = [cell_name(cell) for cell in found.every_cell()]
    stray = [name for name in columns if name not in known]
    if stray:
        raise ViewUnfit(
            _("There is no column “%(name)s” here.") % {"name": stray[0]},
            fix=_("Choose from: %(names)s") % {"names": ", ".join(known)},
            field="columns",
        )
    names = list(dict.fromkeys(columns))
    return {
        "query": state_of(QueryDict(query.removeprefix("?"))),
        "columns": [] if names == [cell_name(cell) for cell in found.columns] else names,
    }
