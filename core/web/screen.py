"""What every staff page has: an address, a permission, a title, its place in the side bar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.generic import View
from django_htmx.middleware import HtmxDetails

from core.people.door.confirming import demand
from core.people.models import User
from core.web import refusals
from core.web.registry import OFFICES, Nav, Text, label_of, list_name_of


class StaffRequest(HttpRequest):
    """A request as staff pages see it: signed in, with htmx's headers read."""

    user: User
    htmx: HtmxDetails


def the_person(user: Any) -> User:
    """The user behind Django's lazy stand-in: operations take a real one."""
    person: User = user._wrapped if isinstance(user, SimpleLazyObject) else user
    return person


def signed_out(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back; a part of a page says so in place, so that what was typed there stays."""
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    words = format_html(
        '{} <a href="{}">{}</a>', _("Your session has ended; nothing you typed is lost."), reverse("web:sign-in"), _("Sign in")
    )
    return refusals.toast(request, words, status=403)


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class Action:
    """A button that goes somewhere: shown to whoever may open the page it leads to."""

    label: Text
    url: str
    icon: str = ""
    primary: bool = False
    key: str = ""


class Screen(View):
    """One page. Subclasses say what it shows; this says where it is and who may open it."""

    route: ClassVar[str] = ""
    name: ClassVar[str] = ""
    permission: ClassVar[str] = ""
    sensitive: ClassVar[bool] = False  # only for who confirmed a moment ago that it is them
    without_factor: ClassVar[bool] = False  # open to who still has to set up the second factor their role asks for
    title: ClassVar[Text] = ""
    hint: ClassVar[Text] = ""
    tip: ClassVar[Text] = ""
    nav: ClassVar[Nav | None] = None
    stands_in: ClassVar[str] = ""
    template_name: ClassVar[str] = "web/page.html"
    model: ClassVar[type[Model] | None] = None
    request: StaffRequest

    # -- Where it is ---------------------------------------------------------------------------------------------------
    @classmethod
    def _package(cls) -> list[str]:
        parts = cls.__module__.split(".")
        return parts[: parts.index("views")] if "views" in parts else parts[:-1]

    @classmethod
    def area(cls) -> str:
        """The URL namespace: the last part of the module's package, e.g. ``sales``."""
        return cls._package()[-1]

    @classmethod
    def office(cls) -> str:
        """The floor or office of the house the module lives in."""
        return cls._package()[0]

    @classmethod
    def url_name(cls) -> str:
        """The name of the URL inside its namespace."""
        return cls.name or cls.route.strip("/").replace("/", "-") or "index"

    @classmethod
    def url_path(cls) -> str:
        """The address inside the module."""
        return cls.under("")

    @classmethod
    def under(cls, tail: str) -> str:
        """An address below the screen's route."""
        return "".join(f"{part.strip('/')}/" for part in (cls.route, tail) if part.strip("/"))

    @classmethod
    def url_patterns(cls) -> list[URLPattern]:
        """The URL patterns of the screen, for ``routes``."""
        return [path(cls.url_path(), cls.as_view(), name=cls.url_name())]

    @classmethod
    def url(cls, *args: object) -> str:
        """The address of the page."""
        return reverse(f"{cls.area()}:{cls.url_name()}", args=args)

    @classmethod
    def record_kind(cls) -> str:
        """The kind of record this is *the* page of; empty for all but record screens."""
        return ""

    @classmethod
    def list_kind(cls) -> str:
        """The kind of record this is *the* list of; empty for all but list screens."""
        return ""

    @classmethod
    def the_model(cls) -> type[Model]:
        """The model, for the screens that cannot do without one."""
        if cls.model is None:
            raise TypeError(f"{cls.__name__} names no model.")
        return cls.model

    @classmethod
    def kind(cls) -> str:
        """The kind of the records shown, e.g. ``sales.order``."""
        return cls.the_model()._meta.label_lower

    @classmethod
    def is_report(cls) -> bool:
        """Whether it stands on the page of reports instead of in the side bar."""
        return False

    # -- Who may open it -----------------------------------------------------------------------------------------------
    @classmethod
    def needed_permission(cls) -> str:
        """The permission that opens the page: said, or ``view_`` of the model. Empty: everybody signed in."""
        if cls.permission or cls.model is None:
            return cls.permission
        return f"{cls.model._meta.app_label}.view_{cls.model._meta.model_name}"

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whether a person may open the page."""
        needed = cls.needed_permission()
        return not needed or user.has_perm(needed)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whoever may come in; send the others to sign in or tell them which permission is missing."""
        if not request.user.is_authenticated:
            return signed_out(request)
        request.user = the_person(request.user)
        if not self.may_open(request.user):
            raise PermissionDenied(self.needed_permission())
        if self.sensitive:
            demand(request)
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The person at the screen."""
        return self.request.user

    # -- What it shows -------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page."""
        return self.show()

    def heading(self) -> Text:
        """The title of the page."""
        return self.title

    def subheading(self) -> Text:
        """One line under the title that says something true and useful."""
        return self.hint

    def crumbs(self) -> list[Crumb]:
        """The way to this page."""
        return [Crumb(self.heading())]

    def actions(self) -> list[Action]:
        """The buttons at the top right, the primary one last."""
        return []

    def context(self) -> dict[str, Any]:
        """What the template of the page needs."""
        return {}

    def show(self, template: str = "", *, status: int = 200, **extra: object) -> HttpResponse:
        """Render a template of this screen with its context."""
        context = {
            "screen": self,
            "heading": self.heading(),
            "subheading": self.subheading(),
            "crumbs": [crumb for crumb in self.crumbs() if crumb.label],
            "actions": self.actions(),
            "nav_name": self.nav_name(),
            "about": self.about(),
            "tip": self.tip if self.tip_key() not in self.user.dismissed else "",
            **self.context(),
            **extra,
        }
        response = TemplateResponse(self.request, template or self.template_name, context, status=status)
        response.headers["Vary"] = "HX-Request, Cookie"
        return response

    @classmethod
    def tip_key(cls) -> str:
        """What the person puts away when the tip is understood."""
        return f"tip:{cls.area()}:{cls.url_name()}"

    def about(self) -> str:
        """The record at hand as ``sales.order:7``: the palette and "New" offer what goes with it. Empty when there is none."""
        return ""

    def nav_name(self) -> str:
        """The URL name of the side bar's line this page belongs to: its own, or the list of its kind."""
        own = f"{self.area()}:{self.url_name()}"
        return own if self.nav is not None or self.model is None else self.list_name() or own

    def list_name(self) -> str:
        """The URL name of the list this page belongs to: said by ``stands_in``, else the one of its kind. Empty: there is none."""
        return self.stands_in or list_name_of(self.kind())

    def list_crumb(self) -> Crumb:
        """The first step of the way to a record or a form: its list, else its office."""
        name = self.list_name()
        return Crumb(label_of(name), reverse(name)) if name else Crumb(OFFICES.get(self.office(), ""))


Reason = Callable[[Any], Text]
