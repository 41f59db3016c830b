"""Receipts: what came in, and what will."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.inventory import forms
from backoffice.inventory.models import Receipt, ReceiptLine
from backoffice.inventory.operations import ReceivedLine, cancel_receipt, plan_receipt, receive_goods, receive_receipt
from backoffice.inventory.views.quantities import QuantitiesScreen, in_units, total_of
from core import clock
from core.catalog.models import Product
from core.web import ui


def received_line(product: Product, quantity: Decimal, unit_cost: Decimal) -> ReceivedLine:
    """A row of the grid as the operations take it."""
    return ReceivedLine(product.pk, quantity, unit_cost)


def is_late(receipt: Receipt) -> bool:
    """Whether it should have come already."""
    return receipt.status == Receipt.Status.PLANNED and receipt.expected_on is not None and receipt.expected_on < clock.today()


def lines_of(receipt: Receipt) -> QuerySet[ReceiptLine]:
    """The lines with their products and units."""
    return receipt.lines.select_related("product__unit").order_by("pk")


def cost_of(line: ReceiptLine) -> Decimal:
    """What a line costs in all."""
    cost: Decimal = (line.received_quantity or line.quantity) * line.unit_cost
    return cost


class Receipts(ui.ListScreen):
    """All receipts."""

    model = Receipt
    route = "receipts"
    title = _("Receipts")
    nav = ui.Nav(_("Receipts"), icon="package-plus", order=20)
    columns = (
        ui.Text("number", _("Receipt"), sort="number"),
        ui.Party("supplier", _("Supplier"), sort="supplier__name", link=False),
        ui.Status(),
        ui.Number("pieces", _("Pieces"), phone="none"),
        ui.Day("expected_on", _("Expected"), sort="expected_on", late=is_late, phone="amount"),
        ui.Day("received_on", _("Received"), sort="received_on", phone="amount"),
        ui.Text("note", _("Note"), muted=True),
    )
    bulk = ("receive", "cancel")
    related = ("supplier",)
    search = ("number", "supplier__name", "note", "lines__product__name", "lines__product__sku")
    search_hint = _("Number, supplier or product")
    segments = (
        ui.Segment("planned", _("On their way"), "planned"),
        ui.Segment("received", _("Received"), Q(status="received")),
    )
    filters = (ui.Period("received_on"),)
    create = "inventory:receipt-new"
    create_label = _("Receive goods")
    empty = ui.Empty(_("Goods come in with a receipt: what, how many, at what cost. Receive the first ones."), "package-plus")

    def queryset(self) -> QuerySet[Receipt]:
        """With the number of pieces."""
        rows: QuerySet[Receipt] = super().queryset()
        return rows.annotate(pieces=total_of(ReceiptLine, "receipt", "quantity"))

    def searched(self, rows: QuerySet[Receipt], words: str) -> QuerySet[Receipt]:
        """Each once, however many of its lines fit."""
        return super().searched(rows, words).distinct() if words else rows

    def actions(self) -> list[ui.Action]:
        """Planning stands beside receiving."""
        plan = [ui.Action(_("Plan a receipt"), PlanReceipt.url(), "calendar-plus")] if PlanReceipt.may_open(self.user) else []
        return [*plan, *super().actions()]


class ReceiptRecord(ui.RecordScreen):
    """One receipt."""

    model = Receipt
    route = "receipts"
    related = ("supplier", "location__warehouse", "rest_of")
    remarks = (ui.Party("supplier"), ui.Day("expected_on", _("Expected"), late=is_late))
    verbs = (
        ui.Verb(cancel_receipt, _("Will not come"), form=forms.ReasonForm, to=Receipt.Status.CANCELLED, danger=True, icon="x"),
        ui.Verb(
            receive_receipt,
            _("Receive everything"),
            form=forms.DayForm,
            to=Receipt.Status.RECEIVED,
            primary=True,
            icon="package-check",
        ),
    )
    sections = (
        ui.Lines(
            title=_("Goods"),
            rows=lines_of,
            cells=(
                ui.Link("product", _("Product")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code", phone="sub"),
                ui.Quantity("received_quantity", _("Received"), unit="product.unit.code"),
                ui.Money("unit_cost", _("Cost of one"), currency=lambda _line: ui.currency()),
                ui.Money(cost_of, _("Cost"), currency=lambda _line: ui.currency(), permission="catalog.view_cost"),
            ),
        ),
        ui.Facts(
            cells=(
                ui.Party("supplier", _("Supplier")),
                ui.Text("location.warehouse.name", _("To")),
                ui.YesNo("is_opening", _("Opening stock")),
                ui.Day("expected_on", _("Expected on"), exact=True),
                ui.Day("received_on", _("Received on"), exact=True),
                ui.Link("rest_of", _("Rest of")),
                ui.Text("note", _("Note")),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Timeline(),
        ui.History(),
    )

    def links(self) -> list[ui.Action]:
        """Receiving only a part."""
        if self.record.status != Receipt.Status.PLANNED or not ReceivePart.may_open(self.user):
            return []
        return [ui.Action(ReceivePart.title, ReceivePart.url(self.record.pk), "list-checks")]


class ReceivePart(QuantitiesScreen):
    """Put on the shelf what came; the rest stays planned."""

    model = Receipt
    route = "receipts"
    tail = "receive-part"
    title = _("Receive a part")
    hint = _("What did not come stays planned on a receipt of its own.")
    submit = _("Receive")
    operation = receive_receipt

    def countables(self) -> list[forms.Countable]:
        """The lines, with what is planned of each."""
        return [
            forms.Countable(
                line.pk,
                line.product.name,
                line.quantity,
                gettext("%(quantity)s planned") % {"quantity": in_units(line.quantity, line.product.unit.code)},
            )
            for line in lines_of(self.record)
        ]


class NewReceipt(ui.CreateScreen):
    """Receive goods nobody planned."""

    model = Receipt
    route = "receipts"
    title = _("Receive goods")
    submit = _("Receive")
    form_class = forms.ReceiptForm
    operation = receive_goods
    grid = ui.Grid(forms.ReceiptLineForm, make=received_line, title=_("Goods"))


class PlanReceipt(ui.CreateScreen):
    """Note that goods are on their way."""

    model = Receipt
    route = "receipts"
    name = "receipt-plan"
    title = _("Plan a receipt")
    submit = _("Plan")
    form_class = forms.PlanForm
    operation = plan_receipt
    grid = ui.Grid(forms.ReceiptLineForm, make=received_line, title=_("Goods"))

    @classmethod
    def url_path(cls) -> str:
        """Beside the page that receives at once."""
        return cls.under("plan")


ui.provide_lookup(
    ui.Lookup(
        "inventory.receipt",
        rows=lambda: Receipt.objects.select_related("supplier"),
        search=("number", "supplier__name"),
        order="number",
        permission="inventory.view_receipt",
        note=lambda receipt: str(receipt.supplier or ""),
    )
)
