"""People for clerks: to look at, and to end their access. Roles are declared in code and tokens are made by signing in, so neither is kept here."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from core.people.models import User
from core.people.operations import deactivate_user

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(ClerkAdmin):
    """Who may sign in, and as what."""

    list_display = ("name", "email", "job_title", "kind", "is_active", "last_login")
    list_filter = ("is_active", "kind", "groups")
    search_fields = ("name", "email", "job_title")
    ordering = ("name", "pk")
    fields = (
        "name",
        "email",
        "job_title",
        "kind",
        "groups",
        "is_active",
        "is_staff",
        "language",
        "time_zone",
        "theme",
        "last_login",
        "joined_at",
    )
    acts = (Act(deactivate_user, _("End access")),)
