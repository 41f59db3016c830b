"""What is typed about orders, returns and prices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.catalog.models import Product
from core.web import ui
from frontoffice.sales.models import OrderLine


class OrderForm(forms.Form):
    """What may change about a draft."""

    order_date = ui.DayField(label=_("Order date"), initial=clock.today)
    requested_date = ui.DayField(label=_("Wanted by"), required=False)
    shipping_address = ui.LookupField(
        "sales.address", label=_("Deliver to"), required=False, help_text=_("Left empty: the customer's shipping address.")
    )
    prices_include_tax = forms.BooleanField(label=_("Prices include tax"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class NewOrderForm(OrderForm):
    """A new order."""

    customer = ui.LookupField("parties.customer", label=_("Customer"))

    field_order = ("customer", "order_date", "requested_date", "shipping_address", "prices_include_tax", "note")


class OrderLineForm(forms.Form):
    """One thing ordered: a product, or a charge in words."""

    product = ui.LookupField("sales.product", label=_("Product"), required=False)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    quantity = ui.NumberField(label=_("Quantity"), initial=1)
    unit_price = ui.NumberField(label=_("Unit price"), required=False, help_text=_("Left empty: the customer's price."))
    discount = ui.PercentField(label=_("Discount %"), required=False)
    tax_category = forms.ChoiceField(label=_("Tax"), choices=[("", _("As the product")), *Product.TaxCategory.choices], required=False)

    def clean_discount(self) -> Decimal:
        """Nothing typed is no discount."""
        return self.cleaned_data["discount"] or Decimal(0)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReturnedLineForm(forms.Form):
    """How many of an order line come back."""

    order_line = forms.ModelChoiceField(OrderLine.objects.none(), widget=forms.HiddenInput())
    description = forms.CharField(label=_("Product"), required=False, disabled=True)
    left = ui.NumberField(label=_("Can come back"), required=False, disabled=True)
    quantity = ui.NumberField(label=_("Comes back"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order_line"].queryset = OrderLine.objects.filter(is_goods=True)  # type: ignore[attr-defined]


class PriceListForm(forms.Form):
    """Whom prices are for, and when."""

    name = forms.CharField(label=_("Name"), max_length=100)
    customer = ui.LookupField(
        "parties.customer", label=_("Customer"), required=False, help_text=_("Leave it empty for prices everybody gets.")
    )
    valid_from = ui.DayField(label=_("From"), required=False)
    valid_to = ui.DayField(label=_("Until"), required=False)


class EditPriceListForm(PriceListForm):
    """The same, and whether it is in use."""

    is_active = forms.BooleanField(label=_("In use"), required=False)


class PriceForm(forms.Form):
    """One price."""

    product = ui.LookupField("sales.product", label=_("Product"))
    min_quantity = ui.NumberField(label=_("From quantity"), initial=0)
    unit_price = ui.NumberField(label=_("Unit price"))


def line_as_typed(line: OrderLine) -> dict[str, Any]:
    """An order line as the grid's form starts with it."""
    return {
        "product": line.product,
        "description": line.description,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "tax_category": line.tax_category,
    }
