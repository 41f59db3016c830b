"""What is typed about goods. The operations judge it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import Location
from core.web import ui

PREFIX = "line-"


class DayForm(forms.Form):
    """On which day it happened; today unless said otherwise."""

    on = ui.DayField(label=_("On"), required=False, help_text=_("Today, unless you say otherwise."))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=200)


@dataclass(frozen=True)
class Countable:
    """A line whose quantity is asked for: what stands there at first, and what to say about it."""

    pk: int
    label: str
    quantity: Decimal
    note: str


class QuantitiesForm(forms.Form):
    """One quantity for each line of a document."""

    def __init__(self, *args: Any, countables: Iterable[Countable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in countables:
            self.fields[f"{PREFIX}{line.pk}"] = ui.NumberField(
                label=line.label, help_text=line.note, initial=line.quantity, required=False, min_value=0
            )


def split(data: dict[str, Any]) -> tuple[dict[int, Decimal], dict[str, Any]]:
    """The quantities of a QuantitiesForm by line id (nothing typed is zero), and what else was typed."""
    lines = {int(name.removeprefix(PREFIX)): value or Decimal(0) for name, value in data.items() if name.startswith(PREFIX)}
    return lines, {name: value for name, value in data.items() if not name.startswith(PREFIX)}


class DatedQuantitiesForm(QuantitiesForm):
    """One quantity for each line, and the day it happened."""

    on = ui.DayField(label=_("On"), required=False, help_text=_("Today, unless you say otherwise."))


class ReceiptForm(forms.Form):
    """Goods that stand at the door."""

    supplier = ui.LookupField("parties.supplier", label=_("Supplier"), required=False)
    on = ui.DayField(label=_("Received on"), required=False, help_text=_("Today, unless you say otherwise."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    opening = forms.BooleanField(
        label=_("Opening stock"), required=False, help_text=_("It was on the shelf already when the books were opened.")
    )


class PlanForm(forms.Form):
    """Goods that are on their way to us."""

    supplier = ui.LookupField("parties.supplier", label=_("Supplier"), required=False)
    expected_on = ui.DayField(label=_("Expected on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ReceiptLineForm(forms.Form):
    """So many of a product at a cost."""

    product = ui.LookupField("catalog.product", label=_("Product"))
    quantity = ui.NumberField(label=_("Quantity"))
    unit_cost = ui.NumberField(label=_("Cost of one"))


class AdjustmentForm(forms.Form):
    """What was counted on the shelf, and why it is not what the books say."""

    product = ui.LookupField("catalog.product", label=_("Product"))
    location = forms.ModelChoiceField(
        Location.objects.internal().order_by("name", "pk"), label=_("Location"), required=False, empty_label=_("Main stock")
    )
    counted = ui.NumberField(label=_("Counted"), required=False, help_text=_("How many lie there."))
    difference = ui.NumberField(label=_("Or the difference"), required=False, help_text=_("-2 when two are missing."))
    unit_cost = ui.NumberField(
        label=_("Cost of one"), required=False, help_text=_("For goods that were found; the average, unless you say otherwise.")
    )
    reason = forms.CharField(label=_("Why"), max_length=200)
    on = ui.DayField(label=_("On"), required=False, help_text=_("Today, unless you say otherwise."))
