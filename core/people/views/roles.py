"""The screens of roles: what each may do, and how far it sees."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.people import forms
from core.people.models import CompanyRole, User
from core.people.reshaping import create_role, reset_role, restore_role, retire_role, update_role
from core.people.rights import reaches_in_words, rights_in_words, roles_in_words
from core.web import ui


class Roles(ui.Screen):
    """What each role may do, and who works in it."""

    route = "roles"
    permission = "people.view_companyrole"
    title = _("Roles")
    hint = _("A role is a job, not a person. The product comes with a standard; you decide what it may do here.")
    template_name = "people/roles.html"

    @classmethod
    def list_kind(cls) -> str:
        """The one list of roles."""
        return CompanyRole._meta.label_lower

    def crumbs(self) -> list[ui.Crumb]:
        """Users, then this."""
        return [ui.Crumb(_("Users"), reverse("people:users")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"

    def actions(self) -> list[ui.Action]:
        """A role of the company's own."""
        if not NewRole.may_open(self.user):
            return []
        return [ui.Action(_("New role"), NewRole.url(), "plus", primary=True, key="c")]

    def context(self) -> dict[str, Any]:
        """The roles with their people and how much they may do."""
        return {"roles": roles_in_words()}


def people_of(role: CompanyRole) -> list[ui.Item]:
    """Who works in a role."""
    people = User.objects.active().filter(groups=role.group_id).order_by("name", "pk")
    return [ui.Item(user.name, user.job_title, url=reverse("people:user", args=[user.pk]), avatar=user.name) for user in people]


class RoleRecord(ui.RecordScreen):
    """One role: everything it may do, by module, and what was changed about it here."""

    model = CompanyRole
    route = "roles"
    name = "role"
    edit = "people:role-edit"
    status = None
    related = ("group",)
    remarks = (
        ui.Text("meaning"),
        ui.Text(lambda role: _("Retired") if role.is_retired else _("Changed here") if role.is_changed else ""),
    )
    verbs = (
        ui.Verb(
            reset_role,
            _("Back to the standard"),
            slug="reset",
            icon="rotate-ccw",
            when=lambda role: role.is_standard and not role.is_fixed and bool(role.is_changed or role.own_name or role.own_meaning),
            confirm=_("It may do again what the product says, and is called so."),
            sensitive=True,
        ),
        ui.Verb(
            retire_role,
            _("Retire"),
            slug="retire",
            icon="archive",
            danger=True,
            when=lambda role: not role.is_fixed and not role.is_retired,
            confirm=_("Nobody is given it any more. It is kept, and may be taken up again."),
            sensitive=True,
        ),
        ui.Verb(
            restore_role, _("Take up again"), slug="restore", icon="archive-restore", when=lambda role: role.is_retired, sensitive=True
        ),
    )
    sections = (
        ui.Items(title=_("Who works in it"), items=people_of, empty=_("Nobody works in this role.")),
        ui.Panel(
            place="main",
            body="people/role.html",
            values=lambda role, _user: {"rights": rights_in_words(role), "reaches": reaches_in_words(role)},
        ),
        ui.History(),
    )

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"

    def edit_url(self) -> str:
        """What never changes is not edited."""
        return "" if self.record.is_fixed or self.record.is_retired else super().edit_url()


class NewRole(ui.CreateScreen):
    """A role of the company's own."""

    model = CompanyRole
    route = "roles"
    name = "role-new"
    form_class = forms.RoleForm
    operation = create_role
    sensitive = True
    wide = ("rights", "reaches")

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"


class EditRole(ui.EditScreen):
    """What a role may do, and what it is called."""

    model = CompanyRole
    route = "roles"
    name = "role-edit"
    related = ("group",)
    form_class = forms.RoleForm
    operation = update_role
    sensitive = True
    wide = ("rights", "reaches")

    def initial(self) -> dict[str, Any]:
        """As it is now."""
        held = [right.code for rights in rights_in_words(self.record) for right in rights.every if right.changed != "taken"]
        return {"name": self.record.name, "meaning": self.record.meaning, "rights": sorted(held), "reaches": self.record.reaches}

    def nav_name(self) -> str:
        """It belongs to the users."""
        return "people:users"
