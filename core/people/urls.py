"""Addresses of the user screens."""

from django.utils.translation import gettext_lazy as _

from core.people import rules, security, views
from core.web.registry import name_module, routes

name_module(_("People"), "users-round", area="people")
app_name = "people"
urlpatterns = routes(
    *security.SCREENS,
    rules.SignInRules,
    views.Users,
    views.Roles,
    views.NewRole,
    views.RoleRecord,
    views.EditRole,
    views.Teams,
    views.NewTeam,
    views.TeamRecord,
    views.EditTeam,
    views.Profile,
    views.NewUser,
    views.UserRecord,
)
