"""The screens of teams: who works together."""

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.people import forms
from core.people.models import Team, User
from core.people.teams import create_team, dissolve_team, update_team
from core.web import ui


class Teams(ui.ListScreen):
    """Who works together."""

    model = Team
    route = "teams"
    title = _("Teams")
    hint = _("People of a team see each other's work, where their role says “their team's”.")
    columns = (
        ui.Text("name", _("Team"), sort="name"),
        ui.Person("lead", _("Team lead"), sort="lead__name"),
        ui.Number("people", _("People"), sort="people"),
    )
    search = ("name", "lead__name")
    segments = (ui.Segment("working", _("Working"), "working"),)
    start_segment = "working"
    order = ("name", "pk")
    related = ("lead",)
    create = "people:team-new"
    empty = ui.Empty(_("A team is people who may see each other's work. Make the first one."), "users")

    def queryset(self) -> QuerySet[Team]:
        """With how many they are."""
        rows: QuerySet[Team] = super().queryset().annotate(people=Count("members"))
        return rows

    def crumbs(self) -> list[ui.Crumb]:
        """Users, then this."""
        return [ui.Crumb(_("Users"), reverse("people:users")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"


def people_in(team: Team) -> list[ui.Item]:
    """Who is in a team, the lead first."""
    people = User.objects.filter(memberships__team=team).order_by("name", "pk")
    items = [(user.pk != team.lead_id, user) for user in people]
    return [
        ui.Item(user.name, _("Team lead") if not other else user.job_title, url=reverse("people:user", args=[user.pk]), avatar=user.name)
        for other, user in sorted(items, key=lambda item: item[0])
    ]


class TeamRecord(ui.RecordScreen):
    """One team."""

    model = Team
    route = "teams"
    status = None
    related = ("lead",)
    edit = "people:team-edit"
    remarks = (ui.Text(lambda team: _("Dissolved") if team.is_dissolved else ""),)
    verbs = (
        ui.Verb(
            dissolve_team,
            _("Dissolve"),
            icon="archive",
            danger=True,
            when=lambda team: not team.is_dissolved,
            confirm=_("From now on its people see what their role alone lets them see."),
        ),
    )
    sections = (ui.Items(title=_("Members"), place="main", items=people_in, empty=_("Nobody is in this team.")), ui.History())

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"


class NewTeam(ui.CreateScreen):
    """People who work together from now on."""

    model = Team
    route = "teams"
    form_class = forms.TeamForm
    operation = create_team
    sensitive = True
    wide = ("members",)

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"


class EditTeam(ui.EditScreen):
    """Who is in a team, and who leads it."""

    model = Team
    route = "teams"
    related = ("lead",)
    form_class = forms.TeamForm
    operation = update_team
    sensitive = True
    wide = ("members",)

    def initial(self) -> dict[str, Any]:
        """As it is now."""
        return {**super().initial(), "members": list(User.objects.filter(memberships__team=self.record).order_by("name", "pk"))}

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"
