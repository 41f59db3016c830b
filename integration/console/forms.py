"""What the operator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.events.listening import HANDLERS
from integration.console.words import handler_in_words, process_of


def _stoppable() -> list[tuple[str, str]]:
    names = [name for name in HANDLERS if not HANDLERS[name].same_commit]
    return sorted(((name, f"{process_of(name)}: {handler_in_words(name)}") for name in names), key=lambda pair: pair[1])


class SkipForm(forms.Form):
    """Why a delivery is given up."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))


class PauseForm(forms.Form):
    """Which handler is stopped, and why."""

    handler = forms.ChoiceField(label=_("Handler"), choices=lambda: [("", _("Choose…")), *_stoppable()])
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))
