"""People for clerks: to look at, and to end their access. Roles are changed on their own page, tokens are made by signing in, and what belongs
to somebody's sign-in stands on their own security page, so none of these is kept here."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin, lines
from core.people.models import CompanyRole, SignInRule, Team, TeamMember, User
from core.people.operations import deactivate_user

for kept_elsewhere in (Group, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(kept_elsewhere)


@admin.register(User)
class UserAdmin(ClerkAdmin):
    """Who may sign in, and as what."""

    list_display = ("name", "email", "job_title", "kind", "is_active", "last_login")
    list_filter = ("is_active", "kind")
    search_fields = ("name", "email", "job_title")
    ordering = ("name", "pk")
    fields = (
        "name",
        "email",
        "job_title",
        "kind",
        "works_as",
        "is_active",
        "is_staff",
        "language",
        "time_zone",
        "theme",
        "last_login",
        "joined_at",
    )
    readonly_fields = ("works_as",)
    acts = (Act(deactivate_user, _("End access")),)

    @admin.display(description=_("Roles"))
    def works_as(self, user: User) -> str:
        """The roles, as they are called here."""
        return ", ".join(role.name for role in CompanyRole.objects.named().filter(group__user=user).order_by("pk"))


@admin.register(SignInRule)
class SignInRuleAdmin(ClerkAdmin):
    """In which roles a second factor is needed."""

    list_display = ("role", "needs_second_factor", "updated_at")
    ordering = ("role",)
    fields = ("role", "needs_second_factor", "created_at", "updated_at")


@admin.register(CompanyRole)
class CompanyRoleAdmin(ClerkAdmin):
    """The roles, and what was changed about them."""

    list_display = ("called", "given", "taken", "reaches", "retired_at")
    list_select_related = ("group",)
    search_fields = ("group__name", "own_name")
    ordering = ("group__name", "pk")
    fields = ("called", "own_name", "own_meaning", "given", "taken", "reaches", "retired_at", "version", "created_at", "updated_at")
    readonly_fields = ("called",)

    @admin.display(description=_("Role"), ordering="group__name")
    def called(self, role: CompanyRole) -> str:
        """What it is called here."""
        return role.name


@admin.register(Team)
class TeamAdmin(ClerkAdmin):
    """Who works together."""

    list_display = ("name", "lead", "retired_at")
    list_select_related = ("lead",)
    search_fields = ("name", "lead__name")
    ordering = ("name", "pk")
    inlines = (lines(TeamMember, "user"),)
