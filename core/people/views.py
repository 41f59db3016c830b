"""The screens of users, and of oneself."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from core.people import forms
from core.people.models import User
from core.people.operations import change_preferences, change_roles, create_user, deactivate_user
from core.people.roles import Role
from core.web import ui


def roles_of(user: User) -> str:
    """A user's roles in words."""
    names = dict(Role.choices)
    return ", ".join(str(names.get(group.name, group.name)) for group in user.groups.all())


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
    order = ("name", "pk")
    create = "people:user-new"

    def queryset(self) -> QuerySet[User]:
        """People only, with their roles."""
        return super().queryset().filter(kind=User.Kind.HUMAN).prefetch_related("groups")


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
            initial=lambda user: {"roles": [group.name for group in user.groups.all()]},
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
                ui.Text(roles_of, _("Roles")),
                ui.YesNo("is_active", _("May sign in")),
                ui.Moment("last_login", _("Last seen")),
                ui.Day("joined_at.date", _("Here since"), exact=True),
            )
        ),
        ui.History(tab=""),
    )


class NewUser(ui.CreateScreen):
    """Let somebody in."""

    model = User
    route = ""
    form_class = forms.NewUserForm
    operation = create_user
    wide = ("roles",)


class Profile(ui.EditScreen):
    """One's own name, language and theme."""

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

    def actions(self) -> list[ui.Action]:
        """The password has its own page."""
        return [ui.Action(_("Change password"), reverse("web:password"), "key-round")]

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
