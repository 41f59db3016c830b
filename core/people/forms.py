"""What is typed about users."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.people.roles import Role
from core.people.zones import zone_choices


class NewUserForm(forms.Form):
    """Somebody who is let in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        empty_value=None,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. Left empty, they cannot sign in yet."),
    )


class RolesForm(forms.Form):
    """What somebody may do from now on."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)


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


def role_choices() -> list[tuple[str, str]]:
    """Every role there is, ours in their own order first."""
    names = dict(Role.choices)
    there = set(Group.objects.values_list("name", flat=True))
    return [(key, str(names.get(key, key))) for key in [*(key for key in names if key in there), *sorted(there - names.keys())]]


class SecondFactorForm(forms.Form):
    """In which roles a second factor is needed."""

    roles = forms.MultipleChoiceField(
        label=_("A second factor is needed by"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )
