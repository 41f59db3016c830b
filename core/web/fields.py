"""Form fields that read figures and days as a person of this language writes them."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import from_current_timezone
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web import entry, figures

EXAMPLE = datetime(2026, 12, 31, 14, 30)  # noqa: DTZ001 - only to be written out


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


class DayInput(forms.TextInput):
    """A day as it is written here, with a button that opens the browser's own calendar."""

    calendar = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The field and the button."""
        field = super().render(name, value, attrs, renderer)
        more = {"calendar": self.calendar, "months_first": figures.months_first()}
        return SafeString(render_to_string("components/day.html", {"field": field, **more}))

    def format_value(self, value: Any) -> str | None:
        """A day in the person's notation; what was mistyped stays as it was."""
        if isinstance(value, str):
            with suppress(ValueError):
                return figures.typed_day(entry.read_day(value))
        return figures.typed_day(value) if isinstance(value, date) else value


class DayField(forms.DateField):
    """A day: typed as it is written here (31/12/2026), or chosen in the browser's own calendar."""

    widget = DayInput
    default_error_messages = {"invalid": _("Write a day of the calendar, such as %(example)s.")}

    def to_python(self, value: Any) -> date | None:
        """The day that was meant."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return entry.read_day(str(value))
        except (ValueError, OverflowError) as unreadable:
            raise _no_day(self, figures.typed_day(EXAMPLE)) from unreadable


class MomentInput(DayInput):
    """A day and a time by the person's clock."""

    calendar = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        """A moment in the person's notation; what was mistyped stays as it was."""
        if isinstance(value, str):
            with suppress(ValueError):
                return figures.typed_moment(entry.read_moment(value))
        return figures.typed_moment(value) if isinstance(value, datetime) else value


class MomentField(forms.DateTimeField):
    """A moment: a day and a time (31/12/2026 14:30), cleaned to an aware datetime."""

    widget = MomentInput
    default_error_messages = {"invalid": _("Write a day and a time, such as %(example)s.")}

    def to_python(self, value: Any) -> datetime | None:
        """The moment that was meant."""
        if value in self.empty_values or isinstance(value, datetime):
            return value or None
        try:
            return from_current_timezone(entry.read_moment(str(value)))
        except (ValueError, OverflowError) as unreadable:
            raise _no_day(self, figures.typed_moment(EXAMPLE)) from unreadable


def _no_day(field: forms.Field, example: str) -> forms.ValidationError:
    return forms.ValidationError(field.error_messages["invalid"], code="invalid", params={"example": example})
