"""What is typed about users."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.people.models import CompanyRole, Reach, User
from core.people.rights import rights_to_choose
from core.people.visibility import REACHES, scopes
from core.people.zones import zone_choices
from core.web import ui


def role_choices() -> list[tuple[str, str]]:
    """The roles somebody may be given, as this company calls them."""
    return [(role.key, role.name) for role in CompanyRole.objects.named().in_use().order_by("pk")]


def right_choices() -> list[tuple[str, str]]:
    """Every permission a role may be given."""
    return [(right.code, right.words) for rights in rights_to_choose() for right in rights.every]


class RightsInput(forms.CheckboxSelectMultiple):
    """A check box for every permission, by module: what the role sees, what it does."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The boxes."""
        chosen = set(value or ())
        return SafeString(render_to_string("people/rights_input.html", {"name": name, "modules": rights_to_choose(), "chosen": chosen}))


class NewUserForm(forms.Form):
    """Somebody who is let in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        empty_value=None,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. Left empty, they cannot sign in yet."),
    )


class RolesForm(forms.Form):
    """What somebody may do from now on."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False)


class ProfileForm(forms.Form):
    """One's own name, language, time zone and theme."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=User.Theme.choices)


class PasswordForm(forms.Form):
    """The old password, and the new one."""

    old = forms.CharField(
        label=_("Password now"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("8 to 128 characters, and none that many people use."),
    )
    again = forms.CharField(label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean(self) -> dict[str, Any]:
        """Typed the same twice."""
        typed = super().clean() or {}
        if typed.get("password") != typed.get("again"):
            self.add_error("again", _("Not the same as above."))
        return typed


class SecondFactorForm(forms.Form):
    """In which roles a second factor is needed."""

    roles = forms.MultipleChoiceField(
        label=_("A second factor is needed by"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class ReachesInput(forms.Widget):
    """How far the role sees, for each kind of record."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """What was chosen."""
        return {scope.noun: data[f"{name}-{scope.noun}"] for scope in scopes() if data.get(f"{name}-{scope.noun}")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form was sent without it."""
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str) -> str:
        """Each has a label of its own."""
        return ""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """A choice for each kind."""
        rows = [(scope, (value or {}).get(scope.noun, Reach.ALL)) for scope in scopes()]
        return SafeString(render_to_string("people/reaches_input.html", {"name": name, "rows": rows, "reaches": REACHES}))


class ReachesField(forms.Field):
    """How far a role sees, by kind of record."""

    widget = ReachesInput

    def clean(self, value: Any) -> dict[str, str]:
        """Known reaches only; the operation judges the kinds."""
        if set(value.values()) - set(Reach.values):
            raise forms.ValidationError(_("Choose one of the list."))
        return dict(value)


class RoleForm(forms.Form):
    """What a role is called, and what it may see and do."""

    name = forms.CharField(label=_("Name"), max_length=60)
    meaning = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    rights = forms.MultipleChoiceField(label=_("What it may do"), choices=right_choices, widget=RightsInput, required=False)
    reaches = ReachesField(label=_("How far it sees"), required=False)


class TeamForm(forms.Form):
    """Who works together."""

    name = forms.CharField(label=_("Name"), max_length=60)
    lead = ui.LookupField("people.user", label=_("Team lead"), required=False)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=User.objects.active().order_by("name", "pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
