"""What the operator types."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.events.listening import HANDLERS
from core.web import ui
from integration.inbound.models import Source
from integration.words import handler_in_words, process_of


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


class EventTypesField(forms.CharField):
    """Names of events, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The names, however they are parted."""
        return str(super().to_python(value)).replace(",", " ").split()


class ConditionsField(forms.JSONField):
    """Facts and the values they must have; nothing typed is no condition."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        """Nothing is written as nothing."""
        return super().prepare_value(value) if value else ""

    def clean(self, value: Any) -> Any:
        """Nothing typed is no condition."""
        return super().clean(value) or {}


class EndpointForm(forms.Form):
    """Where an endpoint is, and what it is told."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Whose system it is, and what it does with it."))
    url = forms.CharField(label=_("URL"), max_length=500, help_text=_("Where messages are posted to; https only."))
    event_types = EventTypesField(
        label=_("Events"),
        help_text=_("One a line: sales.OrderConfirmed for one, sales.* for all of a module, * for all. See the event map."),
    )
    conditions = ConditionsField(
        label=_("Only with"), required=False, help_text=_('Facts an event must carry, like {"currency": "IDR"}. Empty: every event.')
    )


class NewEndpointForm(EndpointForm):
    """The same, and the secret its messages are signed with."""

    secret = forms.CharField(
        label=_("Secret"), max_length=120, help_text=_("Copy it now into the other system: it is never shown again. Or put one of yours.")
    )


class SecretForm(forms.Form):
    """Another secret."""

    secret = forms.CharField(
        label=_("New secret"),
        max_length=120,
        help_text=_("Copy it now into the other system: it is never shown again. Or put one of yours."),
    )
    at_once = forms.BooleanField(
        label=_("The old one has leaked"), required=False, help_text=_("It stops signing at once. Otherwise both sign for a day.")
    )


class DisableForm(forms.Form):
    """Why an endpoint is switched off."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("For those who come after you."))


class NewSourceForm(forms.Form):
    """Which system tells us something, and what it becomes."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Its user is called so: what it does stands under this name."))
    action = forms.ChoiceField(label=_("What it becomes"), choices=Source.Action.choices)
    secret = forms.CharField(
        label=_("Secret"), max_length=120, help_text=_("Copy it now into the other system: it is never shown again. Or put its own.")
    )
