"""Form fields that read figures and days as a person of this language writes them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web import figures


class NumberInput(forms.TextInput):
    """A text field for numbers: aligned right, with the numeric keyboard of a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "number", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """A number as it is typed; what was mistyped stays as it was."""
        return figures.typed(Decimal(value)) if isinstance(value, (Decimal, int)) and not isinstance(value, bool) else value


class NumberField(forms.DecimalField):
    """A number typed in the person's notation (1.250.000,50), cleaned to a Decimal."""

    widget = NumberInput
    default_error_messages = {"invalid": _("Write a number, such as 1250 or 12.5.")}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number that was meant."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return figures.read_number(str(value))
        except ValueError as unreadable:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from unreadable

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min, max or step: the field is text, the operation judges."""
        return {}


class PercentField(NumberField):
    """A percentage typed as 12.5, cleaned to the fraction 0.125."""

    def clean(self, value: Any) -> Decimal | None:
        """The fraction."""
        number = super().clean(value)
        return None if number is None else number / 100

    def prepare_value(self, value: Any) -> Any:
        """A fraction as the percentage it is typed as."""
        return (value * 100).normalize() if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
