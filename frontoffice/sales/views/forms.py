"""The screens that make and change orders, and agree to returns."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.catalog.models import Product
from core.catalog.views import stock_hints
from core.parties.models import Address
from core.web import ui
from core.web.promises import credit_notes, stock_notes
from frontoffice.sales import forms
from frontoffice.sales.models import Order, OrderLine, Return
from frontoffice.sales.operations import LineQuantity, NewLine, figures_for, place_order, request_return, update_order


def new_line(product: Product | None, **row: Any) -> NewLine:
    """A row of the grid as the operations take it."""
    return NewLine(product_id=product.pk if product else None, **row)


class OrderFormScreen(ui.FormScreen):
    """What placing and editing an order show while somebody types: amounts, taxes, stock and credit."""

    model = Order
    route = "orders"
    grid = ui.Grid(forms.OrderLineForm, make=new_line, total=_("Amount"), least=0)
    wide = ("note",)

    def customer_id(self, data: dict[str, Any]) -> int | None:
        """Who orders, as far as it is known."""
        customer = data.get("customer")
        return customer.pk if customer else None

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """What the lines come to, whether they can be promised, and whether the customer is good for it."""
        currency, customer_id = ui.currency(), self.customer_id(data)
        figures = figures_for(
            [new_line(**row) for _number, row in lines],
            customer=customer_id,
            currency=currency,
            on=data.get("order_date") or clock.today(),
            prices_include_tax=data.get("prices_include_tax", False),
        )
        return ui.Preview(
            lines={number: ui.figures.money(amount, currency) for (number, _row), amount in zip(lines, figures.amounts, strict=True)},
            totals=[
                (_("Net"), ui.figures.money(figures.net, currency)),
                (_("Tax"), ui.figures.money(figures.tax, currency)),
                (_("Total"), ui.figures.money(figures.total, currency)),
            ],
            notes=[
                *stock_notes((row["product"], row["quantity"]) for _number, row in lines if row.get("product")),
                *credit_notes(customer_id, figures.total),
            ],
        )


class NewOrder(OrderFormScreen, ui.CreateScreen):
    """Write down what a customer wants."""

    form_class = forms.NewOrderForm
    operation = place_order

    def perform(self, data: dict[str, Any]) -> Order:
        """Place it."""
        customer, address = data.pop("customer"), data.pop("shipping_address")
        return place_order(customer_id=customer.pk, shipping_address_id=address.pk if address else None, by=self.user, **data)


class EditOrder(OrderFormScreen, ui.EditScreen):
    """Change a draft and its lines."""

    form_class = forms.OrderForm
    operation = update_order
    related = ("customer", "shipping_address")

    def customer_id(self, data: dict[str, Any]) -> int | None:
        """The order's customer stays."""
        customer_id: int = self.record.customer_id
        return customer_id

    def initial_lines(self) -> list[dict[str, Any]]:
        """The lines as they are."""
        return [forms.line_as_typed(line) for line in self.record.lines.select_related("product__unit")]


class ReturnGoods(ui.EditScreen):
    """Agree that a customer gives goods back."""

    model = Order
    route = "orders"
    name = "order-return"
    title = _("Return goods")
    submit = _("Agree to the return")
    form_class = forms.ReasonForm
    operation = request_return
    grid = ui.Grid(forms.ReturnedLineForm, title=_("What comes back"), fixed=True, least=0)
    done = _("The warehouse expects the goods.")

    @classmethod
    def url_path(cls) -> str:
        """Under the order."""
        return cls.under("<int:pk>/return")

    def initial_lines(self) -> list[dict[str, Any]]:
        """What the customer has."""
        lines: list[OrderLine] = [line for line in self.record.lines.order_by("position") if line.returnable > 0]
        return [{"order_line": line.pk, "description": line.description, "left": line.returnable} for line in lines]

    def make_line(self, row: dict[str, Any]) -> LineQuantity:
        """So many of an order line; nothing typed is nothing."""
        return LineQuantity(row["order_line"].pk, row["quantity"] or Decimal(0))

    def perform(self, data: dict[str, Any]) -> Return:
        """Agree to it, for the lines of which something comes back."""
        data["lines"] = [line for line in data["lines"] if line.quantity]
        return request_return(self.record, by=self.user, **data)


ui.provide_lookup(
    ui.Lookup(
        "sales.address",
        rows=lambda: Address.objects.select_related("party").filter(party__is_active=True),
        search=("street", "city", "party__name"),
        permission="parties.view_address",
        note=lambda address: address.party.name,
        order="street",
    )
)
ui.provide_lookup(
    ui.Lookup(
        "sales.product",
        rows=lambda: Product.objects.active().select_related("unit"),
        search=("name", "sku"),
        permission="catalog.view_product",
        note=lambda product: product.sku,
        hint=stock_hints,
        fill=lambda product: {"description": product.name},
    )
)
