"""What is typed about users."""

from django import forms
from django.conf import settings
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
