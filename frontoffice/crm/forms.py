"""What is typed about leads, deals and activities."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web import ui
from frontoffice.crm.models import Activity, Lead, LostReason, Stage


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LeadForm(forms.Form):
    """Who might want to buy."""

    name = forms.CharField(label=_("Name"), max_length=160)
    company_name = forms.CharField(label=_("Company"), max_length=160, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    source = forms.ChoiceField(label=_("Source"), choices=Lead.Source.choices, initial=Lead.Source.OTHER)
    owner = ui.LookupField("people.user", label=_("Owner"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=_area())


class ConvertForm(forms.Form):
    """What a lead becomes. Left empty, the customer is found by the company's name, or made."""

    party = ui.LookupField(
        "parties.party", label=_("Customer"), required=False, help_text=_("Leave it empty to find or make them by their name.")
    )
    deal_name = forms.CharField(label=_("Deal"), max_length=160, required=False, help_text=_("Left empty, it is called like the customer."))
    estimate = ui.NumberField(label=_("Estimate"), required=False)
    expected_close_date = ui.DayField(label=_("Expected to close"), required=False)

    def clean_estimate(self) -> Decimal:
        """Nothing typed is nothing estimated."""
        return self.cleaned_data["estimate"] or Decimal(0)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class DealForm(forms.Form):
    """What may change about an open deal."""

    name = forms.CharField(label=_("Name"), max_length=160)
    party = ui.LookupField("parties.party", label=_("Customer"), required=False)
    contact = ui.LookupField("crm.contact", label=_("Contact"), required=False)
    estimate = ui.NumberField(label=_("Estimate"), required=False, help_text=_("Counts as long as there are no lines."))
    expected_close_date = ui.DayField(label=_("Expected to close"), required=False)
    owner = ui.LookupField("people.user", label=_("Owner"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=_area())

    def clean_estimate(self) -> Decimal:
        """Nothing typed is nothing estimated."""
        return self.cleaned_data["estimate"] or Decimal(0)


class NewDealForm(DealForm):
    """A new deal, in a stage."""

    stage = forms.ModelChoiceField(
        Stage.objects.order_by("pipeline", "position"), label=_("Stage"), required=False, empty_label=_("The first")
    )

    field_order = ("name", "party", "contact", "stage", "estimate", "expected_close_date", "owner", "note")


class QuickDealForm(forms.Form):
    """A deal in three fields, on the board."""

    name = forms.CharField(label=_("Deal"), max_length=160)
    party = ui.LookupField("parties.party", label=_("Customer"), required=False)
    estimate = ui.NumberField(label=_("Estimate"), required=False)

    def clean_estimate(self) -> Decimal:
        """Nothing typed is nothing estimated."""
        return self.cleaned_data["estimate"] or Decimal(0)


class OfferedLineForm(forms.Form):
    """One thing that is offered."""

    product = ui.LookupField("crm.product", label=_("Product"), required=False)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    quantity = ui.NumberField(label=_("Quantity"), initial=1)
    unit_price = ui.NumberField(label=_("Unit price"), required=False, help_text=_("Left empty: the customer's price."))
    discount = ui.PercentField(label=_("Discount %"), required=False)

    def clean_discount(self) -> Decimal:
        """Nothing typed is no discount."""
        return self.cleaned_data["discount"] or Decimal(0)


class MoveForm(forms.Form):
    """Where to."""

    stage = forms.ModelChoiceField(Stage.objects.order_by("pipeline", "position"), label=_("Stage"))


class LoseDealForm(forms.Form):
    """Why a deal is lost."""

    reason = forms.ModelChoiceField(LostReason.objects.order_by("name"), label=_("Reason"))
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class ActivityForm(forms.Form):
    """A call, a mail, a meeting, a task, a thought."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Activity.Kind.choices, initial=Activity.Kind.CALL)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Details"), required=False, widget=_area())


class LogActivityForm(ActivityForm):
    """What was done."""

    done_at = ui.MomentField(label=_("Done"), required=False, help_text=_("Left empty: just now."))

    field_order: Sequence[str] = ("kind", "subject", "done_at", "body")


class PlanActivityForm(ActivityForm):
    """What comes next."""

    due_at = ui.MomentField(label=_("Due"))
    assignee = ui.LookupField("people.user", label=_("Who"), required=False, help_text=_("Left empty: you."))

    field_order: Sequence[str] = ("kind", "subject", "due_at", "assignee", "body")


class NewActivityForm(PlanActivityForm):
    """A next step for a customer."""

    about = ui.LookupField("parties.party", label=_("Customer"))

    field_order = ("about", "kind", "subject", "due_at", "assignee", "body")


class OutcomeForm(forms.Form):
    """How it went."""

    outcome = forms.CharField(label=_("How did it go?"), required=False, widget=_area())


def line_as_typed(line: Any) -> dict[str, Any]:
    """A deal line as the grid's form starts with it."""
    return {
        "product": line.product,
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
    }
