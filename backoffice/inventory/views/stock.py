"""Stock: what lies where, what it is worth, how it came to be, and putting it right."""

from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.inventory import forms
from backoffice.inventory.models import (
    Adjustment,
    DeliveryLine,
    DeliveryOrder,
    Location,
    Receipt,
    ReceiptLine,
    StockLevel,
    StockLevelQuerySet,
    StockMove,
)
from backoffice.inventory.operations import adjust_stock
from core.catalog.models import Category
from core.db import QuantityField
from core.web import ui

ZERO = Decimal(0)
QUANTITY = QuantityField()


def books(_row: object) -> str:
    """The currency of the books."""
    return ui.currency()


def value_of(level: StockLevel) -> Decimal:
    """What lies here, at the average."""
    valuation = level.product.valuation
    if not valuation.quantity:
        return ZERO
    share: Decimal = valuation.value * level.on_hand / valuation.quantity
    return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def available(level: StockLevel) -> SafeString:
    """What may still be promised, and which share of what lies here that is."""
    free: Decimal = level.free  # type: ignore[attr-defined]
    share = float(free / level.on_hand) if level.on_hand > 0 else 0.0
    return ui.meter(share, ui.figures.quantity(free, level.product.unit.code))


def document_url(move: StockMove) -> str:
    """The page of the document that moved it."""
    return ui.url_for(move.document_kind, move.document_id)


def document_link(move: StockMove) -> SafeString | str:
    """The document that moved it, linked."""
    url = document_url(move)
    return format_html('<a href="{}">{}</a>', url, move.document_number) if url else move.document_number


class Stock(ui.ListScreen):
    """What lies where."""

    model = StockLevel
    route = "stock"
    title = _("Stock")
    tip = _(
        "Stock is never typed over: goods come in by a receipt, leave by a delivery, and a count that differs is an adjustment with a reason."
    )
    nav = ui.Nav(_("Stock"), icon="boxes", order=40, key="s")
    columns = (
        ui.Text("product.name", _("Product"), sort="product__name"),
        ui.Text("product.sku", _("SKU"), sort="product__sku", muted=True),
        ui.Text("location.warehouse.name", _("Warehouse"), muted=True),
        ui.Quantity("on_hand", _("On hand"), sort="on_hand", unit="product.unit.code"),
        ui.Quantity("reserved", _("Reserved"), sort="reserved", unit="product.unit.code"),
        ui.Custom("free", _("Available"), sort="free", draw=available, phone="amount"),
        ui.Quantity("incoming", _("Incoming"), sort="incoming", unit="product.unit.code"),
        ui.Money(value_of, _("Value"), currency=books, permission="catalog.view_cost"),
    )
    related = ("product__unit", "product__valuation", "location__warehouse")
    search = ("product__name", "product__sku")
    search_hint = _("Product or SKU")
    segments = (
        ui.Segment("here", _("In stock"), "in_stock"),
        ui.Segment("gone", _("Sold out"), Q(free__lte=0)),
        ui.Segment("coming", _("On its way"), Q(incoming__gt=0)),
    )
    filters = (
        ui.Select("product__category", _("Any category"), ui.choices_of(Category.objects.order_by("name")), icon="shapes"),
        ui.Select("location", _("Any place"), ui.choices_of(Location.objects.internal().order_by("name", "pk")), icon="warehouse"),
    )
    order = ("product__name", "pk")
    create = "inventory:adjustment-new"
    create_label = _("Adjust stock")
    empty = ui.Empty(_("Nothing is in stock yet. Receive goods, and they lie here."), "boxes", "inventory:receipt-new", _("Receive goods"))

    def queryset(self) -> QuerySet[StockLevel]:
        """With what is free, coming and worth."""
        return cast("StockLevelQuerySet", super().queryset()).with_figures()

    def actions(self) -> list[ui.Action]:
        """Everything that moved stands one click away."""
        moves = [ui.Action(_("All moves"), Moves.url(), "arrow-left-right")] if Moves.may_open(self.user) else []
        return [*moves, *super().actions()]


def waiting_lines(level: StockLevel) -> QuerySet[DeliveryLine]:
    """The open deliveries that want it from here, who asked first first."""
    return (
        DeliveryLine.objects.filter(
            product=level.product_id, delivery__location=level.location_id, delivery__in=DeliveryOrder.objects.open()
        )
        .select_related("delivery__customer", "product__unit")
        .order_by("delivery__wanted_since", "pk")
    )


def coming_lines(level: StockLevel) -> QuerySet[ReceiptLine]:
    """The planned receipts that bring it."""
    return (
        ReceiptLine.objects.filter(product=level.product_id, receipt__in=Receipt.objects.planned())
        .select_related("receipt__supplier", "product__unit")
        .order_by("receipt__expected_on", "pk")
    )


def moves_of(level: StockLevel) -> QuerySet[StockMove]:
    """What came here and what went, the latest first."""
    here = Q(from_location=level.location_id) | Q(to_location=level.location_id)
    return StockMove.objects.filter(here, product=level.product_id).order_by("-pk")


class StockCard(ui.RecordScreen):
    """The stock card of one product in one place."""

    model = StockLevel
    route = "stock"
    related = ("product__unit", "product__valuation", "location__warehouse")
    status = None
    avatar = "square"
    remarks = (ui.Text("product.sku"), ui.Text("location.warehouse.name"))
    sections = (
        ui.Facts(
            title=_("Stock"),
            keep_empty=True,
            cells=(
                ui.Quantity("on_hand", _("On hand"), unit="product.unit.code"),
                ui.Quantity("reserved", _("Reserved"), unit="product.unit.code"),
                ui.Quantity("free", _("Available"), unit="product.unit.code"),
                ui.Quantity("incoming", _("Incoming"), unit="product.unit.code"),
            ),
        ),
        ui.Facts(
            title=_("Worth"),
            permission="catalog.view_cost",
            cells=(
                ui.Money("product.valuation.average", _("Average cost of one"), currency=books),
                ui.Money("product.valuation.value", _("Value of all of it"), currency=books),
            ),
        ),
        ui.Table(
            title=_("Wanted by"),
            rows=waiting_lines,
            empty=_("No open delivery wants it."),
            cells=(
                ui.Link("delivery", _("Delivery")),
                ui.Party("delivery.customer", _("Customer")),
                ui.Status("delivery.status", _("Status")),
                ui.Quantity("quantity", _("Wanted"), unit="product.unit.code"),
                ui.Quantity("reserved_quantity", _("Reserved"), unit="product.unit.code"),
            ),
        ),
        ui.Table(
            title=_("On its way"),
            rows=coming_lines,
            empty=_("Nothing is on its way."),
            cells=(
                ui.Link("receipt", _("Receipt")),
                ui.Party("receipt.supplier", _("Supplier")),
                ui.Day("receipt.expected_on", _("Expected")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code"),
            ),
        ),
        ui.Table(
            title=_("Moves"),
            rows=moves_of,
            related=("product__unit", "from_location", "to_location"),
            permission="inventory.view_stockmove",
            limit=100,
            cells=(
                ui.Day("moved_on", _("Date")),
                ui.Custom("document_number", _("Document"), draw=document_link),
                ui.Text("from_location", _("From"), muted=True),
                ui.Text("to_location", _("To"), muted=True),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code"),
                ui.Text("reason", _("Reason"), muted=True),
            ),
        ),
        ui.History(),
    )

    def queryset(self) -> QuerySet[StockLevel]:
        """With what is free and coming."""
        return cast("StockLevelQuerySet", super().queryset()).with_figures()

    def heading(self) -> str:
        """The product."""
        return str(self.record.product.name)

    def subheading(self) -> str:
        """How much may still be promised."""
        available = ui.figures.quantity(self.record.free, self.record.product.unit.code)
        return gettext("%(quantity)s may still be promised") % {"quantity": available}

    def links(self) -> list[ui.Action]:
        """The product, and counting it."""
        found = [ui.Action(_("Open product"), ui.url_for("catalog.product", self.record.product_id), "package")]
        if NewAdjustment.may_open(self.user):
            address = f"{NewAdjustment.url()}?product={self.record.product_id}&location={self.record.location_id}"
            found.append(ui.Action(_("Adjust stock"), address, "scale", primary=True))
        return found


class Moves(ui.ListScreen):
    """Everything that moved."""

    model = StockMove
    route = "moves"
    title = _("Stock moves")
    nav = ui.Nav(_("Stock moves"), icon="arrow-left-right", order=50, group=_("Stock records"))
    columns = (
        ui.Text("document_number", _("Document"), sort="document_number", phone="sub"),
        ui.Day("moved_on", _("Date"), sort="moved_on", phone="state"),
        ui.Text("product.name", _("Product"), sort="product__name", phone="main"),
        ui.Text("from_location", _("From"), muted=True),
        ui.Text("to_location", _("To"), muted=True),
        ui.Quantity("quantity", _("Quantity"), sort="quantity", unit="product.unit.code", phone="amount"),
        ui.Money("value", _("Change of value"), sort="value", currency=books),
        ui.Person("moved_by", _("By")),
        ui.Text("reason", _("Reason"), muted=True),
    )
    related = ("product__unit", "from_location", "to_location", "moved_by")
    search = ("document_number", "product__name", "product__sku", "reason")
    search_hint = _("Document, product or reason")
    segments = (
        ui.Segment("in", _("In"), Q(to_location__kind="internal")),
        ui.Segment("out", _("Out"), Q(from_location__kind="internal")),
    )
    filters = (ui.Period("moved_on"),)
    order = ("-moved_on", "-pk")
    empty = ui.Empty(
        _("Every piece that comes or goes leaves a line here."), "arrow-left-right", "inventory:receipt-new", _("Receive goods")
    )

    def row_url(self, row: StockMove) -> str:
        """The document that moved it."""
        return document_url(row)


class Adjustments(ui.ListScreen):
    """What was counted, and why it was not what the books said."""

    model = Adjustment
    route = "adjustments"
    title = _("Adjustments")
    nav = ui.Nav(_("Adjustments"), icon="scale", order=60, group=_("Stock records"))
    columns = (
        ui.Text("number", _("Adjustment"), sort="number"),
        ui.Day("adjusted_on", _("Date"), sort="adjusted_on"),
        ui.Text("product.name", _("Product"), sort="product__name"),
        ui.Quantity("difference", _("Difference"), sort="difference", unit="product.unit.code"),
        ui.Quantity("on_hand", _("On hand after it"), unit="product.unit.code"),
        ui.Text("reason", _("Reason"), phone="sub"),
    )
    related = ("product__unit",)
    search = ("number", "product__name", "product__sku", "reason")
    search_hint = _("Number, product or reason")
    filters = (ui.Period("adjusted_on"),)
    create = "inventory:adjustment-new"
    create_label = _("Adjust stock")
    empty = ui.Empty(_("When the shelf and the books disagree, count, and say why."), "scale")


class AdjustmentRecord(ui.RecordScreen):
    """One adjustment."""

    model = Adjustment
    route = "adjustments"
    related = ("product__unit", "location__warehouse")
    status = None
    remarks = (ui.Text("product.name"), ui.Day("adjusted_on"))
    sections = (
        ui.Facts(
            place="main",
            cells=(
                ui.Link("product", _("Product")),
                ui.Text("location.warehouse.name", _("Warehouse")),
                ui.Quantity("difference", _("Difference"), unit="product.unit.code"),
                ui.Quantity("on_hand", _("On hand after it"), unit="product.unit.code"),
                ui.Text("reason", _("Reason")),
                ui.Day("adjusted_on", _("Date"), exact=True),
            ),
        ),
        ui.Related(),
        ui.Files(),
        ui.History(),
    )


class NewAdjustment(ui.CreateScreen):
    """Bring the books to what lies on the shelf."""

    model = Adjustment
    route = "adjustments"
    title = _("Adjust stock")
    submit = _("Adjust")
    form_class = forms.AdjustmentForm
    operation = adjust_stock
    wide = ("reason",)

    def perform(self, data: dict[str, object]) -> Adjustment:
        """The one operation call: the product first."""
        product = data.pop("product")
        return adjust_stock(product, by=self.user, **data)  # type: ignore[arg-type]
