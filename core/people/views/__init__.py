"""The screens of users, roles and teams."""

from core.people.views.roles import EditRole, NewRole, RoleRecord, Roles
from core.people.views.teams import EditTeam, NewTeam, TeamRecord, Teams
from core.people.views.users import NewUser, Profile, UserRecord, Users

__all__ = [
    "EditRole",
    "EditTeam",
    "NewRole",
    "NewTeam",
    "NewUser",
    "Profile",
    "RoleRecord",
    "Roles",
    "TeamRecord",
    "Teams",
    "UserRecord",
    "Users",
]
