"""Form fields that read figures and days as a person of this language writes them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web import entry, figures


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
    default_error_messages = {
        "invalid": _("Write a number, such as %(whole)s or %(part)s."),
        "ambiguous": _("%(value)s could mean two things. Write %(whole)s or %(part)s."),
    }

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number that was meant."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return entry.read_number(str(value))
        except entry.Ambiguous as unclear:
            whole, part = unclear.ways
            raise self._refused("ambiguous", value=str(value).strip(), whole=whole, part=part) from unclear
        except ValueError as unreadable:
            raise self._refused("invalid", whole="1250", part=figures.typed(Decimal("12.5"))) from unreadable

    def _refused(self, code: str, **params: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=params)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min, max or step: the field is text, the operation judges."""
        return {}


class PercentField(NumberField):
    """A percentage typed as 12.5 (or 12.5 %), cleaned to the fraction 0.125."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number before the percent sign."""
        return super().to_python(value.strip().removesuffix("%") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Decimal | None:
        """The fraction."""
        number = super().clean(value)
        return None if number is None else number / 100

    def prepare_value(self, value: Any) -> Any:
        """A fraction as the percentage it is typed as."""
        return (value * 100).normalize() if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day: from the browser's own calendar, or typed as it is written here (31/12/2026)."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write a day of the calendar, such as %(example)s.")}

    def to_python(self, value: Any) -> date | None:
        """The day that was meant."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return entry.read_day(str(value))
        except ValueError as unreadable:
            example = "12/31/2026" if entry.months_first() else "31/12/2026"
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"example": example}) from unreadable
