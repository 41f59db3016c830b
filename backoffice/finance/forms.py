"""What is typed about the books."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Account, Payment, Purpose
from core.catalog.models import Product
from core.people.visibility import seen_now
from core.web import ui


def _day(label: Any = _("Date"), **more: Any) -> ui.DayField:
    return ui.DayField(label=label, **more)


def _compare() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Compare with"), choices=ui.COMPARISONS, required=False)


class InvoiceForm(forms.Form):
    """Whom to bill, and when."""

    customer = ui.LookupField("parties.customer", label=_("Customer"))
    invoice_on = _day(_("Invoice date"))
    prices_include_tax = forms.BooleanField(label=_("Prices include tax"), required=False)
    memo = forms.CharField(label=_("Memo"), max_length=200, required=False)


class CreditNoteForm(forms.Form):
    """Whom to credit, when and why."""

    customer = ui.LookupField("parties.customer", label=_("Customer"))
    credit_on = _day(_("Date"))
    prices_include_tax = forms.BooleanField(label=_("Prices include tax"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class BillLineForm(forms.Form):
    """One thing to bill or to credit."""

    product = ui.LookupField("catalog.product", label=_("Product"), required=False)
    description = forms.CharField(label=_("Description"), max_length=300)
    quantity = ui.NumberField(label=_("Quantity"))
    unit_price = ui.NumberField(label=_("Unit price"))
    discount = ui.PercentField(label=_("Discount %"), required=False)
    tax_category = forms.ChoiceField(label=_("Tax"), choices=Product.TaxCategory.choices, required=False)


class CreditInvoiceForm(forms.Form):
    """When and why a whole invoice is credited."""

    credit_on = _day(_("Date"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class PayInvoiceForm(forms.Form):
    """Money that came in for one invoice."""

    amount = ui.NumberField(label=_("Amount"))
    received_on = _day(_("Received on"))
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False)


class PaymentForm(PayInvoiceForm):
    """Money that came in from a customer; it goes to what is due first."""

    customer = ui.LookupField("parties.customer", label=_("Customer"))
    account = forms.ModelChoiceField(
        Account.objects.for_money().order_by("code"), label=_("Account"), required=False, empty_label=_("Usual for the method")
    )

    field_order = ("customer", "amount", "received_on", "method", "account", "reference")


class AllocateForm(forms.Form):
    """What a customer's credit settles."""

    invoice = ui.LookupField("finance.invoice", label=_("Invoice"))
    amount = ui.NumberField(label=_("Amount"))
    on = _day(_("Date"))


class TakeBackForm(forms.Form):
    """Why an allocation is taken back, and when."""

    on = _day(_("Date"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EntryForm(forms.Form):
    """An entry by hand."""

    on = _day(_("Date"))
    memo = forms.CharField(label=_("Memo"), max_length=200)


class PostingForm(forms.Form):
    """One line of an entry: a debit or a credit."""

    account = forms.ModelChoiceField(Account.objects.free().filter(is_active=True).order_by("code"), label=_("Account"))
    debit = ui.NumberField(label=_("Debit"), required=False)
    credit = ui.NumberField(label=_("Credit"), required=False)
    memo = forms.CharField(label=_("Memo"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Either, and not below zero: the side says the sign."""
        data = super().clean() or {}
        given = [data[side] for side in ("debit", "credit") if data.get(side)]
        if len(given) != 1 or min(given) < 0:
            self.add_error("debit", _("Give either a debit or a credit, above zero."))
        return data


class AccountForm(forms.Form):
    """What may change about an account."""

    name = forms.CharField(label=_("Name"), max_length=120)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class NewAccountForm(forms.Form):
    """A new account."""

    code = forms.CharField(label=_("Code"), max_length=16)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    purpose = forms.ChoiceField(label=_("Used for"), choices=[("", _("Nothing by itself")), *Purpose.choices], required=False)


class ChartForm(forms.Form):
    """A chart to start with."""

    chart = forms.ChoiceField(label=_("Chart"), choices=[("general", _("General, without tax")), ("indonesia", _("Indonesia, with PPN"))])


class FiscalYearForm(forms.Form):
    """The year to open."""

    start = _day(_("First day"))


class TaxForm(forms.Form):
    """A new tax."""

    code = forms.CharField(label=_("Code"), max_length=16)
    name = forms.CharField(label=_("Name"), max_length=80)
    rate = ui.PercentField(label=_("Rate %"))
    account = forms.ModelChoiceField(Account.objects.filter(kind=Account.Kind.LIABILITY).order_by("code"), label=_("Owed on account"))


class ApplyTaxForm(forms.Form):
    """Which products carry a tax, from when."""

    tax_category = forms.ChoiceField(label=_("Tax category"), choices=Product.TaxCategory.choices)
    starts_on = _day(_("From"), required=False)


class EndTaxForm(forms.Form):
    """Until when a tax is carried."""

    ends_on = _day(_("Until"))


class TermsForm(forms.Form):
    """How far a customer is trusted."""

    customer = ui.LookupField("parties.customer", label=_("Customer"))
    credit_limit = ui.NumberField(label=_("Credit limit"), required=False, help_text=_("In the currency of the books. Empty: no limit."))
    payment_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=366)


class AsOfForm(forms.Form):
    """A day."""

    on = _day(_("As of"))


class RangeForm(forms.Form):
    """From a day to a day."""

    start = _day(_("From"))
    end = _day(_("Until"))

    def clean(self) -> dict[str, Any]:
        """In that order."""
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", _("It ends before it starts."))
        return data


class ComparedRangeForm(RangeForm):
    """From a day to a day, and what to compare it with."""

    compare = _compare()


class ComparedDayForm(AsOfForm):
    """A day, and what to compare it with."""

    compare = _compare()


class UntilForm(forms.Form):
    """Up to a day, from another one when it is given."""

    start = _day(_("From"), required=False)
    end = _day(_("As of"))


class LedgerForm(RangeForm):
    """An account, from a day to a day."""

    account = forms.ModelChoiceField(Account.objects.order_by("code"), label=_("Account"))

    field_order = ("account", "start", "end")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = seen_now(Account.objects.order_by("code"))  # type: ignore[attr-defined]
