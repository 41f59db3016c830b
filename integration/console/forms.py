"""What the operator types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.events.listening import HANDLERS
from core.web import ui
from integration.console.words import handler_in_words, process_of


def _handlers() -> list[tuple[str, str]]:
    names = [name for name in HANDLERS if not HANDLERS[name].same_commit]
    in_words = ((name, f"{process_of(name)}: {handler_in_words(name)}") for name in names)
    return [("", str(_("Choose…"))), *sorted(in_words, key=lambda pair: pair[1])]


class SkipForm(forms.Form):
    """Why a delivery is given up."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))


class ReplayForm(forms.Form):
    """Which handler gets the events of which days."""

    handler = forms.ChoiceField(label=_("Handler"), choices=_handlers)
    from_date = ui.DayField(label=_("From"), required=False)
    to_date = ui.DayField(label=_("Up to"), required=False, help_text=_("Both days included; empty means all that ever happened."))


class PauseForm(forms.Form):
    """Which handler is stopped, and why."""

    handler = forms.ChoiceField(label=_("Handler"), choices=_handlers)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))
