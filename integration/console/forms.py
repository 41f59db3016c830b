"""What the operator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.events.listening import HANDLERS


class SkipForm(forms.Form):
    """Why a delivery is given up."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))


class PauseForm(forms.Form):
    """Which handler is stopped, and why."""

    handler = forms.ChoiceField(
        label=_("Handler"), choices=lambda: [(name, name) for name in sorted(HANDLERS) if not HANDLERS[name].same_commit]
    )
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))
