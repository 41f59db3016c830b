"""Small things a person sets about their own screens."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.people.operations import change_preferences
from core.web.deeds import Deed
from core.web.lookups import lookup_of
from core.web.refusals import way_back
from core.web.registry import waiting
from core.web.screen import Screen


class Preferences(Deed):
    """Language and theme, set from the person's menu."""

    name = "preferences"
    route = "preferences"
    title = _("Preferences")

    def do(self) -> None:
        """Keep what was chosen, leave the rest."""
        language = self.request.POST.get("language", self.user.language)
        theme = self.request.POST.get("theme", self.user.theme)
        if language in dict(settings.LANGUAGES) and theme in User.Theme.values:
            change_preferences(self.user, language=language, theme=theme, by=self.user)

    def onward(self) -> str:
        """Back to where they were."""
        return way_back(self.request)


class Counters(Screen):
    """What waits at each place of the side bar."""

    name = "counters"
    route = "counters"
    title = _("What waits")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The counts as JSON, by URL name."""
        return JsonResponse(waiting(self.user))


class LookupAnswers(Screen):
    """The records a combobox offers."""

    name = "lookup"
    route = "lookup/<str:kind>"
    title = _("Search")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The first matches as JSON, for those who may see such records."""
        try:
            lookup = lookup_of(kwargs["kind"])
        except KeyError as unknown:
            raise Http404 from unknown
        if not self.user.has_perm(lookup.permission):
            return JsonResponse({"results": []}, status=403)
        return JsonResponse({"results": lookup.answers(request.GET.get("q", ""), self.user, exact="exact" in request.GET)})
