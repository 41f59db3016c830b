"""What is typed to send a paper."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _


class AddressesField(forms.CharField):
    """E-mail addresses with commas between them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 2000, "required": False, **more})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The addresses."""
        if isinstance(value, list):
            return value
        return [part.strip() for part in str(value or "").replace(";", ",").replace("\n", ",").split(",") if part.strip()]

    def validate(self, value: Any) -> None:
        """Nobody at all is refused by the operation, which knows where an address can be added."""

    def run_validators(self, value: Any) -> None:
        """Each must be one."""
        for address in value:
            validate_email(address)

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return ", ".join(value) if isinstance(value, list) else value


class SendForm(forms.Form):
    """To whom, and what it says."""

    to = AddressesField(label=_("To"), required=True, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}))
    cc = AddressesField(label=_("Copy to"), widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 9}), max_length=10_000)
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: uuid4().hex, max_length=64, required=False)
