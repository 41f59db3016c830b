"""Return receipts: what customers send back."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.inventory import forms
from backoffice.inventory.models import ReturnLine, ReturnReceipt
from backoffice.inventory.operations import receive_return
from backoffice.inventory.views.quantities import QuantitiesScreen, in_units, total_of
from core.people.models import User
from core.web import ui


def expected(user: User) -> int:
    """How many are still to come."""
    return ReturnReceipt.objects.visible_to(user).filter(status=ReturnReceipt.Status.EXPECTED).count()


def lines_of(receipt: ReturnReceipt) -> QuerySet[ReturnLine]:
    """The lines with their products and units."""
    return receipt.lines.select_related("product__unit").order_by("pk")


class Returns(ui.ListScreen):
    """All goods customers send back."""

    model = ReturnReceipt
    route = "returns"
    title = _("Returned goods")
    nav = ui.Nav(_("Returned goods"), icon="package-open", order=30, counter=expected)
    columns = (
        ui.Text("number", _("Return receipt"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        ui.Text("return_number", _("Return"), muted=True),
        ui.Text("order_number", _("Order"), muted=True),
        ui.Status(tones={"expected": "warn"}),
        ui.Number("pieces", _("Pieces"), phone="none"),
        ui.Day("received_on", _("Received"), sort="received_on", phone="amount"),
    )
    bulk = ("receive",)
    related = ("customer",)
    search = ("number", "return_number", "order_number", "customer__name")
    search_hint = _("Number or customer")
    segments = (
        ui.Segment("expected", pgettext_lazy("goods", "Expected"), Q(status="expected")),
        ui.Segment("received", _("Received"), Q(status="received")),
    )
    filters = (ui.Period("received_on"),)
    empty = ui.Empty(
        _("When sales notes a return, the warehouse expects the goods here."), "package-open", "sales:returns", _("See returns")
    )

    def queryset(self) -> QuerySet[ReturnReceipt]:
        """With the number of pieces."""
        rows: QuerySet[ReturnReceipt] = super().queryset()
        return rows.annotate(pieces=total_of(ReturnLine, "receipt", "quantity"))


class ReturnRecord(ui.RecordScreen):
    """What one customer sends back."""

    model = ReturnReceipt
    route = "returns"
    related = ("customer", "location__warehouse")
    status = ui.Status(tones={"expected": "warn"})
    remarks = (ui.Party("customer"),)
    verbs = (
        ui.Verb(
            receive_return,
            _("Receive everything"),
            form=forms.DayForm,
            to=ReturnReceipt.Status.RECEIVED,
            primary=True,
            icon="package-check",
            slug="receive",
        ),
    )
    sections = (
        ui.Lines(
            title=_("Goods"),
            rows=lines_of,
            cells=(
                ui.Link("product", _("Product")),
                ui.Quantity("quantity", _("Announced"), unit="product.unit.code"),
                ui.Quantity("received_quantity", _("Received"), unit="product.unit.code"),
            ),
        ),
        ui.Facts(
            cells=(
                ui.Party("customer", _("Customer")),
                ui.Text("return_number", _("Return")),
                ui.Text("order_number", _("Order")),
                ui.Text("location.warehouse.name", _("To")),
                ui.Day("received_on", _("Received on"), exact=True),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Timeline(),
        ui.History(),
    )

    def links(self) -> list[ui.Action]:
        """Receiving only a part."""
        if self.record.status == ReturnReceipt.Status.RECEIVED or not ReceiveReturnPart.may_open(self.user):
            return []
        return [ui.Action(ReceiveReturnPart.title, ReceiveReturnPart.url(self.record.pk), "list-checks")]


class ReceiveReturnPart(QuantitiesScreen):
    """Put back on the shelf what came; the rest is taken as not coming."""

    model = ReturnReceipt
    route = "returns"
    tail = "receive-part"
    title = _("Receive a part")
    hint = _("What is not here now is taken as not coming.")
    submit = _("Receive")
    operation = receive_return

    def countables(self) -> list[forms.Countable]:
        """The lines, with what was announced of each."""
        return [
            forms.Countable(
                line.pk,
                line.product.name,
                line.quantity,
                gettext("%(quantity)s announced") % {"quantity": in_units(line.quantity, line.product.unit.code)},
            )
            for line in lines_of(self.record)
        ]
