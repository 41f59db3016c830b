"""What is typed about tokens and services."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.people.forms import role_choices
from core.people.models import User
from core.people.rights import grouped_in_words
from core.tokens.operations import held_by

SPANS = ((30, _("30 days")), (90, _("90 days")), (180, _("Half a year")), (365, _("A year")))


class ScopesInput(forms.CheckboxSelectMultiple):
    """A check box for everything a token may do, folded by module: nobody reads two hundred of them at once."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The modules, each folded until something of it is chosen."""
        return render_to_string("tokens/scopes_input.html", self.get_context(name, value, attrs))


class TokenForm(forms.Form):
    """A new token for a program."""

    name = forms.CharField(label=_("Which program"), max_length=80, help_text=_("So that you know later what stops when you revoke it."))
    days = forms.TypedChoiceField(label=_("Good for"), choices=SPANS, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        required=False,
        widget=ScopesInput,
        help_text=_("Choose nothing, and it may do everything its owner may."),
    )

    def __init__(self, *args: Any, owner: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["scopes"].choices = grouped_in_words(held_by(owner))  # type: ignore[attr-defined]


class ServiceForm(forms.Form):
    """Something that acts and is nobody."""

    name = forms.CharField(label=_("Name"), max_length=120)
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False)
