"""Deliveries: what has to leave, and what left."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.inventory import forms
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, StockMove
from backoffice.inventory.operations import cancel_backorder, deliver, deliver_all, pick_delivery
from backoffice.inventory.views.quantities import QuantitiesScreen, in_units, total_of
from core import clock
from core.people.models import User
from core.printing.bulk import in_one_file
from core.web import ui


def to_deliver(user: User) -> int:
    """How many could leave now."""
    return DeliveryOrder.objects.visible_to(user).filter(status=DeliveryOrder.Status.READY).count()


def is_late(delivery: DeliveryOrder) -> bool:
    """Whether it should have left already."""
    return delivery.is_open and delivery.scheduled_on is not None and delivery.scheduled_on < clock.today()


def lines_of(delivery: DeliveryOrder) -> QuerySet[DeliveryLine]:
    """The lines with their products and units."""
    return delivery.lines.select_related("product__unit").order_by("pk")


def order_url(delivery: DeliveryOrder) -> str:
    """The order it belongs to."""
    return ui.url_for("sales.order", delivery.order_id)


def nothing_reserved(delivery: DeliveryOrder) -> str:
    """Why nothing can be picked."""
    return "" if delivery.lines.filter(reserved_quantity__gt=0).exists() else gettext("Nothing is set aside for it yet.")


def nothing_picked(delivery: DeliveryOrder) -> str:
    """Why nothing can leave."""
    return "" if delivery.lines.filter(picked_quantity__gt=0).exists() else gettext("Pick something first.")


def is_open(delivery: DeliveryOrder) -> bool:
    """Whether something still has to happen to it."""
    return delivery.is_open


def moves_of(delivery: DeliveryOrder) -> QuerySet[StockMove]:
    """What left with it."""
    return StockMove.objects.filter(document_kind="inventory.deliveryorder", document_id=delivery.pk).order_by("pk")


class Deliveries(ui.ListScreen):
    """All deliveries."""

    model = DeliveryOrder
    route = "deliveries"
    title = _("Deliveries")
    tip = _("Deliveries come by themselves when an order is confirmed. Say what left, and the invoice follows.")
    nav = ui.Nav(_("Deliveries"), icon="truck", order=10, key="t", counter=to_deliver)
    columns = (
        ui.Text("number", _("Delivery"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        ui.Text("order_number", _("Order"), sort="order_number", muted=True),
        ui.Status(),
        ui.Number("pieces", _("Pieces"), phone="none"),
        ui.Day("scheduled_on", _("Scheduled"), sort="scheduled_on", late=is_late),
        ui.Day("delivered_on", _("Delivered"), sort="delivered_on"),
        ui.Moment("wanted_since", _("Wanted since"), sort="wanted_since", muted=True, phone="amount"),
    )
    bulk = ("pick", "deliver-all", in_one_file("inventory.view_deliveryorder", "delivery-note"))
    related = ("customer",)
    search = ("number", "order_number", "customer__name", "lines__product__name", "lines__product__sku")
    search_hint = _("Number, customer or product")
    segments = (
        ui.Segment("open", _("Open"), "open"),
        ui.Segment("ready", _("Ready"), Q(status="ready")),
        ui.Segment("waiting", _("Waiting for stock"), "waiting"),
        ui.Segment("delivered", _("Delivered"), Q(status="delivered")),
    )
    start_segment = "open"
    filters = (ui.Period("delivered_on"),)
    order = ("wanted_since", "pk")
    empty = ui.Empty(
        _("A delivery opens by itself when sales confirms an order with goods on it."), "truck", "sales:orders", _("See orders")
    )

    def queryset(self) -> QuerySet[DeliveryOrder]:
        """With the number of pieces."""
        rows: QuerySet[DeliveryOrder] = super().queryset()
        return rows.annotate(pieces=total_of(DeliveryLine, "delivery", "quantity"))

    def searched(self, rows: QuerySet[DeliveryOrder], words: str) -> QuerySet[DeliveryOrder]:
        """Each once, however many of its lines fit."""
        return super().searched(rows, words).distinct() if words else rows


class DeliveryRecord(ui.RecordScreen):
    """One delivery."""

    model = DeliveryOrder
    route = "deliveries"
    related = ("customer", "location__warehouse", "backorder_of")
    remarks = (ui.Party("customer"), ui.Day("scheduled_on", _("Scheduled"), late=is_late))
    verbs = (
        ui.Verb(
            cancel_backorder,
            _("Cancel the rest"),
            form=forms.ReasonForm,
            danger=True,
            icon="x",
            when=lambda delivery: delivery.is_open and delivery.backorder_of_id is not None,
            confirm=_("What is set aside for it becomes free."),
        ),
        ui.Verb(
            pick_delivery,
            _("Pick everything"),
            slug="pick",
            icon="hand",
            when=is_open,
            why_not=nothing_reserved,
            done=_("Everything that is set aside is picked."),
        ),
        ui.Verb(
            deliver,
            _("Deliver what is picked"),
            form=forms.DayForm,
            slug="deliver",
            icon="truck",
            when=is_open,
            why_not=nothing_picked,
        ),
        ui.Verb(
            deliver_all,
            _("Deliver everything"),
            form=forms.DayForm,
            slug="deliver-all",
            icon="truck",
            permission="inventory.deliver",
            to=DeliveryOrder.Status.DELIVERED,
            primary=True,
            why_not=nothing_reserved,
        ),
    )
    sections = (
        ui.Lines(
            title=_("Goods"),
            rows=lines_of,
            cells=(
                ui.Link("product", _("Product")),
                ui.Quantity("quantity", _("Wanted"), unit="product.unit.code", phone="amount"),
                ui.Quantity("reserved_quantity", _("Reserved"), unit="product.unit.code"),
                ui.Quantity("picked_quantity", _("Picked"), unit="product.unit.code"),
                ui.Quantity("delivered_quantity", _("Delivered"), unit="product.unit.code"),
            ),
        ),
        ui.Facts(
            cells=(
                ui.Party("customer", _("Customer")),
                ui.Text("order_number", _("Order")),
                ui.Text("ship_to", _("Ship to")),
                ui.Text("location.warehouse.name", _("From")),
                ui.Moment("wanted_since", _("Wanted since")),
                ui.Day("scheduled_on", _("Scheduled for"), exact=True),
                ui.Day("delivered_on", _("Delivered on"), exact=True),
                ui.Link("backorder_of", _("Rest of")),
                ui.Text("cancelled_because", _("Cancelled because")),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Table(
            title=_("Stock moves"),
            rows=moves_of,
            related=("product__unit", "from_location", "to_location"),
            permission="inventory.view_valuation",
            when=lambda delivery: delivery.status == DeliveryOrder.Status.DELIVERED,
            cells=(
                ui.Text("product.name", _("Product")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code"),
                ui.Text("to_location", _("To"), muted=True),
                ui.Money("value", _("Value"), currency=lambda _move: ui.currency()),
            ),
        ),
        ui.Timeline(),
        ui.History(),
    )

    def subheading(self) -> str:
        """What it waits for, if it does."""
        delivery = self.record
        if delivery.status != DeliveryOrder.Status.WAITING:
            return gettext("For order %(number)s") % {"number": delivery.order_number}
        short = [line for line in lines_of(delivery) if line.short_quantity]
        return gettext("Waits for %(goods)s") % {"goods": ", ".join(short_words(short))}

    def links(self) -> list[ui.Action]:
        """The order, and doing only a part."""
        delivery = self.record
        found = []
        if order_url(delivery):
            found.append(ui.Action(_("Open order"), order_url(delivery), "shopping-cart"))
        if delivery.is_open:
            found += [
                ui.Action(screen.title, screen.url(delivery.pk), screen.icon)
                for screen in (PickPart, DeliverPart)
                if screen.may_open(self.user)
            ]
        return found


class PartScreen(QuantitiesScreen):
    """Asks how many of each line of a delivery."""

    model = DeliveryOrder
    route = "deliveries"
    icon: ClassVar[str] = "list-checks"

    def countables(self) -> list[forms.Countable]:
        """The lines, with what is set aside for each."""
        return [
            forms.Countable(
                line.pk,
                line.product.name,
                self.suggested(line),
                gettext("%(reserved)s set aside of %(wanted)s")
                % {
                    "reserved": in_units(line.reserved_quantity, line.product.unit.code),
                    "wanted": in_units(line.quantity, line.product.unit.code),
                },
            )
            for line in lines_of(self.record)
        ]

    def suggested(self, line: DeliveryLine) -> Decimal:
        """What stands in the field at first."""
        quantity: Decimal = line.picked_quantity or line.reserved_quantity
        return quantity


class PickPart(PartScreen):
    """Note what was taken from the shelf."""

    tail = "pick-part"
    title = _("Pick a part")
    submit = _("Pick")
    form_class = forms.QuantitiesForm
    operation = pick_delivery


class DeliverPart(PartScreen):
    """Hand over a part; the rest follows on a backorder."""

    tail = "deliver-part"
    title = _("Deliver a part")
    hint = _("What stays behind goes on a backorder.")
    submit = _("Deliver")
    operation = deliver


def short_words(lines: Iterable[DeliveryLine]) -> list[str]:
    """What is missing, in words."""
    return [f"{in_units(line.short_quantity, line.product.unit.code)} {line.product.name}" for line in lines]


ui.provide_lookup(
    ui.Lookup(
        "inventory.deliveryorder",
        rows=lambda: DeliveryOrder.objects.select_related("customer"),
        search=("number", "order_number", "customer__name"),
        order="number",
        permission="inventory.view_deliveryorder",
        note=lambda delivery: delivery.customer.name,
    )
)
