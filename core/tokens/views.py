"""The pages of tokens: one's own under the profile, services and everybody's under administration."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.people.models import User
from core.people.rights import named_in_words
from core.tokens import forms
from core.tokens.models import Token
from core.tokens.operations import create_service, issue_service_token, issue_token, revoke_token
from core.web import ui
from core.web.forms import FormScreen

STATES = {"living": _("Good"), "expired": _("Expired"), "revoked": _("Revoked")}


def state_of(token: Token) -> str:
    """Whether a token opens anything, in words."""
    return str(STATES[token.state])


def scopes_of(token: Token) -> str:
    """What a token may do, in words."""
    return ", ".join(named_in_words(token.scopes).values()) or str(_("Everything its owner may"))


def last_used(token: Token) -> Any:
    """When it was used last."""
    return token.use.used_at if hasattr(token, "use") else None


def last_address(token: Token) -> str:
    """Where it was used from."""
    return (token.use.address or "") if hasattr(token, "use") else ""


def _shown(token: Token, words: dict[str, str]) -> dict[str, Any]:
    used = last_used(token)
    return {
        "token": token,
        "scopes": ", ".join(words[scope] for scope in token.scopes),
        "state": state_of(token),
        "ends": ui.figures.day(localdate(token.expiry)),
        "used": ui.figures.moment(used) if used else "",
        "from": last_address(token),
    }


class MyTokens(ui.Screen):
    """The programs that act in one's name."""

    route = ""
    name = "mine"
    title = _("Your API tokens")
    hint = _("A token lets a program do in your name what you may do, or less. It ends on its day, or when you revoke it.")
    template_name = "tokens/mine.html"

    def crumbs(self) -> list[ui.Crumb]:
        """Profile, then this."""
        return [ui.Crumb(_("Your profile"), reverse("people:profile")), ui.Crumb(self.title)]

    def actions(self) -> list[ui.Action]:
        """A new one."""
        docs = ui.Action(_("API documentation"), reverse("api-docs"), "book-open")
        return [docs, ui.Action(_("New token"), reverse("tokens:new"), "plus", primary=True)]

    def context(self) -> dict[str, Any]:
        """One's own, the living ones first."""
        rows = sorted(Token.objects.filter(user=self.user).select_related("use").order_by("-pk")[:100], key=lambda one: not one.is_living)
        words = named_in_words(scope for one in rows for scope in one.scopes)
        return {"tokens": [_shown(one, words) for one in rows]}


class NewToken(FormScreen):
    """Let a program act for oneself. What it sends is shown once, on the answer to this form."""

    model = Token
    route = "new"
    name = "new"
    title = _("New token")
    form_class = forms.TokenForm
    wide = ("scopes",)
    submit = _("Make the token")
    sensitive = True
    issued: tuple[Token, str] | None = None

    @classmethod
    def needed_permission(cls) -> str:
        """Everybody may make their own."""
        return ""

    def owner(self) -> User:
        """Whom it acts for."""
        return self.user

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form with what the owner holds."""
        return (
            self.form_class(data, owner=self.owner()) if data is not None else self.form_class(initial=self.initial(), owner=self.owner())
        )

    def issue(self, data: dict[str, Any]) -> tuple[Token, str]:
        """The one operation call."""
        return issue_token(by=self.user, **data)

    def perform(self, data: dict[str, Any]) -> Token:
        """Make it, and keep the secret until it is shown."""
        self.issued = self.issue(data)
        return self.issued[0]

    def carry_out(self, form: Form, lines: Any, data: dict[str, Any]) -> HttpResponse:
        """Show the secret instead of leading on; the browser keeps no copy."""
        answer = super().carry_out(form, lines, data)
        if self.issued is None:
            return answer
        token, secret = self.issued
        shown = self.show("tokens/shown.html", token=token, secret=secret, back=self.back())
        shown.headers["Cache-Control"] = "no-store"
        return shown

    def back(self) -> str:
        """One's own tokens."""
        return reverse("tokens:mine")

    def crumbs(self) -> list[ui.Crumb]:
        """Profile, tokens, this."""
        return [ui.Crumb(_("Your API tokens"), self.back()), ui.Crumb(self.title)]


class Revoke(ui.Deed):
    """Ends one of one's own tokens."""

    route = "<int:pk>/revoke"
    name = "revoke"
    stands_on = "tokens:mine"

    def do(self) -> None:
        """End it."""
        revoke_token(get_object_or_404(Token.objects.filter(user=self.user), pk=self.kwargs["pk"]), by=self.user)


class Tokens(ui.ListScreen):
    """Everybody's tokens."""

    model = Token
    route = "all"
    name = "tokens"
    title = _("API tokens")
    nav = ui.Nav(_("API tokens"), icon="key-square", order=35)
    columns = (
        ui.Text("name", _("Program"), sort="name"),
        ui.Person("user", _("Acts for"), sort="user__name"),
        ui.Text("token_key", _("Begins with"), muted=True),
        ui.Text(state_of, _("State")),
        ui.Moment("expiry", _("Ends"), sort="expiry"),
        ui.Moment(last_used, _("Last used")),
        ui.Text(last_address, _("From"), muted=True),
    )
    related = ("user", "use")
    search = ("name", "token_key", "user__name")
    search_hint = _("Program, owner or first letters")
    segments = (ui.Segment("living", _("Good"), "living"),)
    start_segment = "living"
    order = ("-pk",)
    empty = ui.Empty(_("No program acts for anybody. People make tokens under their profile."), "key-square")

    def actions(self) -> list[ui.Action]:
        """Services stand on a page of their own."""
        return [ui.Action(_("Services"), reverse("tokens:services"), "bot"), *super().actions()]


class TokenRecord(ui.RecordScreen):
    """One token."""

    model = Token
    route = "all"
    status = None
    related = ("user", "use", "made_by")
    verbs = (
        ui.Verb(
            revoke_token,
            _("Revoke"),
            danger=True,
            icon="ban",
            when=lambda token: token.is_living,
            confirm=_("The program that uses it is locked out at once."),
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Person("user", _("Acts for")),
                ui.Text(state_of, _("State")),
                ui.Text(scopes_of, _("May do")),
                ui.Moment("expiry", _("Ends")),
                ui.Moment("revoked_at", _("Revoked")),
                ui.Moment(last_used, _("Last used")),
                ui.Text(last_address, _("From")),
                ui.Person("made_by", _("Made by")),
            )
        ),
        ui.History(tab=""),
    )


class Services(ui.ListScreen):
    """What acts and is nobody."""

    model = User
    route = "services"
    name = "services"
    permission = "tokens.view_token"
    title = _("Services")
    columns = (ui.Text("name", _("Service"), sort="name"), ui.YesNo("is_active", _("May act")), ui.Day("joined_at.date", _("Here since")))
    search = ("name",)
    search_hint = _("Name")
    order = ("name", "pk")
    create = "tokens:service-new"
    create_label = _("New service")
    empty = ui.Empty(_("A service acts for the company, with a token and without a password: a web shop, a scanner."), "bot")

    @classmethod
    def list_kind(cls) -> str:
        """It is not the list of users."""
        return ""

    def counted(self, count: int) -> str:
        """How many services."""
        return ngettext("%(count)s service", "%(count)s services", count) % {"count": ui.figures.quantity(count)}

    def queryset(self) -> QuerySet[User]:
        """Only services."""
        return super().queryset().filter(kind=User.Kind.SERVICE)

    def crumbs(self) -> list[ui.Crumb]:
        """Tokens, then this."""
        return [ui.Crumb(_("API tokens"), reverse("tokens:tokens")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the tokens."""
        return "tokens:tokens"


class NewService(ui.CreateScreen):
    """Let something act that is nobody; its token is made next."""

    model = Token
    route = "services"
    name = "service-new"
    permission = "tokens.create_service"
    title = _("New service")
    form_class = forms.ServiceForm
    operation = create_service
    wide = ("roles",)

    def onward(self, result: Any) -> str:
        """On to its first token."""
        return reverse("tokens:service-token-new", args=[result.pk])

    def back(self) -> str:
        """The services."""
        return reverse("tokens:services")


class NewServiceToken(NewToken):
    """Let a program act as a service."""

    route = "services/<int:pk>/token"
    name = "service-token-new"

    @classmethod
    def needed_permission(cls) -> str:
        """Named as its operation."""
        return "tokens.issue_service_token"

    @cached_property
    def service(self) -> User:
        """The service."""
        return get_object_or_404(User.objects.filter(kind=User.Kind.SERVICE, is_active=True), pk=self.kwargs["pk"])

    def owner(self) -> User:
        """The service."""
        return self.service

    def heading(self) -> str:
        """For whom."""
        return f"{self.title} · {self.service.name}"

    def issue(self, data: dict[str, Any]) -> tuple[Token, str]:
        """The one operation call."""
        return issue_service_token(self.service, by=self.user, **data)

    def back(self) -> str:
        """The services."""
        return reverse("tokens:services")
