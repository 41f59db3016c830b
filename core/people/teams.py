"""What is done with teams: made, changed, dissolved."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.people.events import TeamChanged
from core.people.models import Team, TeamMember, User
from core.people.roles import Role


class TeamNameTaken(Refused):
    """Two teams cannot be called the same."""


class OwnTeam(Refused):
    """Nobody lets themselves see more."""


class TeamIsDissolved(Refused):
    """A dissolved team does not change."""


def create_team(*, name: str, lead: User | None = None, members: Collection[User] = (), by: User) -> Team:
    """Let people see each other's work, where their role says so. The lead is one of them."""
    with locked(Team.objects.all(), by=by) as teams:
        _check_name(name, teams)
        team = Team.objects.create(name=name, lead=lead)
        _gather(team, members, by)
    return team


def update_team(
    team: Team, *, name: str | None = None, lead: User | None = None, members: Collection[User] | None = None, by: User
) -> Team:
    """Decide who is in a team, and who leads it; what is not said stays."""
    with locked(Team.objects.all(), team, by=by) as (teams, team):
        if team.is_dissolved:
            raise TeamIsDissolved(_("%(team)s is dissolved.") % {"team": team.name}, fix=_("Make a new team."))
        if name is not None and name != team.name:
            _check_name(name, teams)
            team.name = name
        if lead is not None:
            team.lead = lead
        team.save(update_fields=["name", "lead"])
        _gather(team, members if members is not None else User.objects.filter(memberships__team=team), by)
    return team


def dissolve_team(team: Team, *, by: User) -> Team:
    """From now on its people see what their role alone lets them see."""
    with locked(team, by=by) as team:
        team.retired_at = clock.now()
        team.save(update_fields=["retired_at"])
        publish(TeamChanged(team_id=team.pk, name=team.name, members=()))
    return team


def _gather(team: Team, members: Iterable[User], by: User) -> None:
    wanted = {user.pk for user in members} | ({team.lead_id} if team.lead_id else set())
    before = set(TeamMember.objects.filter(team=team).values_list("user", flat=True))
    if by.pk in wanted - before and not by.groups.filter(name=Role.OWNER).exists():
        raise OwnTeam(_("You cannot put yourself into a team."), fix=_("Ask an owner."), field="members")
    TeamMember.objects.filter(team=team).exclude(user__in=wanted).delete()
    TeamMember.objects.bulk_create([TeamMember(team=team, user_id=pk) for pk in sorted(wanted - before)])
    publish(TeamChanged(team_id=team.pk, name=team.name, members=tuple(sorted(wanted))))


def _check_name(name: str, teams: Collection[Team]) -> None:
    if any(team.name.casefold() == name.casefold() for team in teams):
        raise TeamNameTaken(_("There is a team called %(name)s already.") % {"name": name}, field="name")
