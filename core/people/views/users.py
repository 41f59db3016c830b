"""The screens of users, and of oneself."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people import forms
from core.people.door.factors import factors_of, reset_factors
from core.people.models import CompanyRole, User
from core.people.operations import change_preferences, change_roles, create_user, deactivate_user
from core.people.views.roles import Roles
from core.people.views.teams import Teams
from core.web import ui
from core.web.registry import url_of


def roles_of(user: User) -> str:
    """A user's roles in words."""
    return ", ".join(group.company_role.name for group in user.groups.all())


def language_of(user: User) -> str:
    """The language a user reads, by its own name."""
    return dict(settings.LANGUAGES).get(user.language, user.language)


def zone_of(user: User) -> str:
    """The time zone a user lives by."""
    return user.time_zone or gettext("As the company (%(zone)s)") % {"zone": timezone.get_default_timezone_name()}


class Users(ui.ListScreen):
    """Who may sign in, and in which role."""

    model = User
    route = ""
    name = "users"
    title = _("Users and roles")
    nav = ui.Nav(_("Users"), icon="users-round", order=30, key="u")
    columns = (
        ui.Person(lambda user: user, _("Name"), sort="name"),
        ui.Text("email", _("E-mail"), sort="email", muted=True),
        ui.Text(roles_of, _("Roles")),
        ui.Text("job_title", _("Job title"), muted=True),
        ui.YesNo("is_active", _("May sign in")),
        ui.Moment("last_login", _("Last seen"), sort="last_login", muted=True),
    )
    search = ("name", "email", "job_title")
    search_hint = _("Name or e-mail")
    segments = (ui.Segment("active", _("May sign in"), Q(is_active=True)), ui.Segment("ended", _("Access ended"), Q(is_active=False)))
    start_segment = "active"
    filters = (ui.Select("groups__name", _("Any role"), forms.role_choices, icon="shield-check"),)
    order = ("name", "pk")
    create = "people:user-new"
    empty = ui.Empty(_("Nobody fits. Let a colleague in, in the roles they work in."), "users-round")

    def queryset(self) -> QuerySet[User]:
        """People only, with their roles."""
        return super().queryset().filter(kind=User.Kind.HUMAN).prefetch_related("groups__company_role__group")

    def actions(self) -> list[ui.Action]:
        """What the roles may do stands on a page of its own, and so do the teams and what signing in takes."""
        own = self.user.has_perm("people.require_second_factor")
        rules = [ui.Action(_("Sign-in rules"), reverse("people:sign-in-rules"), "fingerprint-pattern")] if own else []
        roles = [ui.Action(_("Roles"), reverse("people:roles"), "shield-check")] if Roles.may_open(self.user) else []
        teams = [ui.Action(_("Teams"), Teams.url(), "users")] if Teams.may_open(self.user) else []
        return [*rules, *roles, *teams, *super().actions()]


def tokens_of(user: User) -> list[ui.Item]:
    """The keys somebody lets programs in with: the first letters, since when, until when."""
    return [
        ui.Item(token.name, ui.figures.long_day(token.created_at.date()), url=url_of(token), icon="key-round")
        for token in user.auth_token_set.filter(revoked_at=None, expiry__gt=clock.now()).order_by("-pk")[:10]
    ]


def role_items(user: User) -> list[ui.Item]:
    """The roles somebody works in, each leading to what it may do."""
    roles = CompanyRole.objects.named().filter(group__user=user).order_by("pk")
    return [ui.Item(role.name, url=reverse("people:role", args=[role.pk]), icon="shield-check") for role in roles]


def has_second_factor(user: User) -> bool:
    """Whether their password alone does not open."""
    return bool(factors_of(user))


def has_factor(user: User) -> bool:
    """Whether somebody has anything to remove."""
    return bool(Authenticator.objects.filter(user=user).exists())


class UserRecord(ui.RecordScreen):
    """One user."""

    model = User
    route = ""
    avatar = "round"
    verbs = (
        ui.Verb(
            change_roles,
            _("Change roles"),
            form=forms.RolesForm,
            icon="key-round",
            sensitive=True,
            initial=lambda user: {"roles": [group.name for group in user.groups.all()]},
        ),
        ui.Verb(
            reset_factors,
            _("Remove second factors"),
            icon="smartphone",
            danger=True,
            tucked=True,
            sensitive=True,
            when=has_factor,
            confirm=_("Their password alone opens then, until they set up new ones. Make sure that it is really them who asked."),
        ),
        ui.Verb(
            deactivate_user,
            _("End access"),
            icon="user-round-x",
            danger=True,
            when=lambda user: user.is_active,
            confirm=_("They are signed out everywhere and cannot sign in again."),
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("email", _("E-mail")),
                ui.Text("job_title", _("Job title")),
                ui.YesNo("is_active", _("May sign in")),
                ui.YesNo("is_staff", _("May enter the clerk screens")),
                ui.YesNo(has_second_factor, _("Second factor")),
                ui.Moment("last_login", _("Last seen")),
                ui.Text(language_of, _("Language")),
                ui.Text(zone_of, _("Time zone")),
                ui.Day("joined_at.date", _("Here since"), exact=True),
            )
        ),
        ui.Items(title=_("Roles"), items=role_items, empty=_("No role: they may sign in and see nothing.")),
        ui.Items(title=_("API tokens"), items=tokens_of, empty=_("No program acts in their name."), permission="people.deactivate_user"),
        ui.History(tab=""),
    )


class NewUser(ui.CreateScreen):
    """Let somebody in."""

    model = User
    route = ""
    form_class = forms.NewUserForm
    operation = create_user
    wide = ("roles",)
    sensitive = True


class Profile(ui.EditScreen):
    """One's own name, language, time zone and theme."""

    model = User
    route = "me"
    name = "profile"
    title = _("Your profile")
    form_class = forms.ProfileForm
    operation = change_preferences
    done = _("Kept.")

    @classmethod
    def url_patterns(cls) -> list[URLPattern]:
        """Always about oneself, so without a key."""
        return [path("me/", cls.as_view(), name="profile")]

    @classmethod
    def needed_permission(cls) -> str:
        """Everybody may change their own."""
        return ""

    @property
    def record(self) -> Any:
        """Oneself."""
        return self.user

    def heading(self) -> str:
        """It is clear whose."""
        return str(self.title)

    def presence_url(self) -> str:
        """Nobody else is ever here."""
        return ""

    def actions(self) -> list[ui.Action]:
        """How one signs in, and the programs one lets in, have pages of their own."""
        return [
            ui.Action(_("API tokens"), reverse("tokens:mine"), "key-square"),
            ui.Action(_("Sign-in and security"), reverse("people:security"), "shield-check"),
        ]

    def onward(self, result: Any) -> str:
        """Back to the same page."""
        return reverse("people:profile")

    def back(self) -> str:
        """Home."""
        return reverse("web:home")

    def crumbs(self) -> list[ui.Crumb]:
        """Only this."""
        return [ui.Crumb(self.title)]


ui.provide_lookup(
    ui.Lookup(
        "people.user",
        rows=lambda: User.objects.filter(is_active=True, kind=User.Kind.HUMAN),
        search=("name", "email"),
        permission="parties.view_party",
        note=lambda user: user.job_title,
    )
)
