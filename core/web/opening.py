"""A list opened without a browser: a worker exports or changes what a person would see at an address."""

from django.http import QueryDict
from django_htmx.middleware import HtmxDetails

from core.people.models import User
from core.web.lists import ListScreen
from core.web.registry import screens
from core.web.screen import StaffRequest


class NoSuchList(LookupError):
    """The address of a job names a list that is gone."""


def opened(name: str, query: str, user: User) -> ListScreen:
    """The list of this name as the person would see it with this query string. Raises NoSuchList, PermissionError."""
    found = dict(screens()).get(name)
    if found is None or not issubclass(found, ListScreen):
        raise NoSuchList(name)
    if not found.may_open(user):
        raise PermissionError(name)
    request = StaffRequest()
    request.method = "GET"
    request.GET = QueryDict(query.removeprefix("?"))
    request.user = user
    request.htmx = HtmxDetails(request)
    screen = found()
    screen.setup(request)
    return screen
