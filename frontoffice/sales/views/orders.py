"""The screens that show orders."""

from typing import ClassVar

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people.models import User
from core.printing.bulk import in_one_file
from core.web import ui
from core.web.promises import credit_notes, stock_notes
from frontoffice.sales import forms
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations import cancel_order, confirm_order, release_order

DELIVERY_TONES = {"full": "good", "partial": "warn"}
INVOICE_TONES = {"full": "good", "partial": "warn"}


def sellers() -> list[tuple[int, str]]:
    """The people who own orders."""
    return list(User.objects.filter(orders__isnull=False).distinct().order_by("name").values_list("pk", "name"))


def awaits_confirmation(order: Order) -> bool:
    """Whether it can be confirmed: a draft, or one on hold (asked again)."""
    return order.status in {Order.Status.DRAFT, Order.Status.ON_HOLD}


def has_left(order: Order) -> bool:
    """Whether anything was delivered or billed."""
    return any(line.delivered_quantity > 0 for line in order.lines.all())


def how_far(line: OrderLine) -> str:
    """How many of a line have left, how many came back, and how many will not follow."""
    parts = [ui.figures.quantity(line.delivered_quantity)]
    if line.returned_quantity:
        parts.append(_now("%(count)s came back") % {"count": ui.figures.quantity(line.returned_quantity)})
    if line.dropped_quantity:
        parts.append(_now("%(count)s will not follow") % {"count": ui.figures.quantity(line.dropped_quantity)})
    return " · ".join(parts)


def is_late(order: Order) -> bool:
    """Whether the customer should have had it by now; needs ``with_states``."""
    late = order.requested_date is not None and order.requested_date < clock.today()
    return late and order.delivery_state in {"none", "partial"}


class Progress(ui.Custom):
    """Words that begin with a number: they stand where numbers stand."""

    align: ClassVar[str] = "end"


class Orders(ui.ListScreen):
    """All orders."""

    model = Order
    route = "orders"
    title = _("Orders")
    tip = _(
        "A draft promises nothing yet. Confirm an order and the warehouse sets the goods aside; beyond the customer's credit it waits on hold."
    )
    nav = ui.Nav(
        _("Orders"),
        icon="shopping-cart",
        order=10,
        key="o",
        counter=lambda user: Order.objects.visible_to(user).on_hold().count(),
        hot=True,
    )
    columns = (
        ui.Text("number", _("Order"), sort="number"),
        ui.Party("customer", _("Customer"), sort="customer__name", link=False),
        ui.Status("status", _("Status")),
        ui.Status("delivery_state", _("Delivery"), tones=DELIVERY_TONES, phone="none"),
        ui.Status("invoice_state", _("Invoicing"), tones=INVOICE_TONES, phone="none"),
        ui.Day("order_date", _("Date"), sort="order_date"),
        ui.Day("requested_date", _("Wanted by"), sort="requested_date", late=is_late, muted=True),
        ui.Money("total", _("Total"), sort="total", total=True),
    )
    more_columns = (
        ui.Person("owner", _("Owner"), sort="owner__name"),
        ui.Money("net", _("Net"), sort="net", total=True),
        ui.Text("note", _("Note"), muted=True),
        ui.Moment("created_at", _("Written"), sort="created_at", muted=True),
    )
    bulk = ("confirm", "release", "cancel", in_one_file("sales.view_order", "quotation", "order-confirmation"))
    at_hand = ("confirm", "release")
    related = ("customer", "owner")
    search = ("number", "customer__name", "lines__description")
    search_hint = _("Number, customer or product")
    segments = (
        ui.Segment("draft", _("Draft"), "drafts"),
        ui.Segment("held", _("On hold"), "on_hold"),
        ui.Segment("deliver", _("To deliver"), "to_deliver"),
        ui.Segment("invoice", _("To invoice"), "to_invoice"),
        ui.Segment("confirmed", _("Confirmed"), "confirmed"),
        ui.Segment("cancelled", _("Cancelled"), lambda rows: rows.filter(status__in=["cancelling", "cancelled"])),
    )
    filters = (ui.Select("owner", _("Anyone"), sellers, icon="user-round"), ui.Period("order_date"))
    order = ("-order_date", "-pk")
    create = "sales:order-new"
    empty = ui.Empty(_("An order is a promise to a customer. Win a deal, or write the first one."), "shopping-cart")

    def queryset(self) -> QuerySet[Order]:
        """With the states that follow from the lines."""
        return Order.objects.visible_to(self.user).select_related(*self.related).with_states()

    def searched(self, rows: QuerySet[Order], words: str) -> QuerySet[Order]:
        """An order is found once, however many of its lines fit."""
        found = super().searched(rows, words)
        return rows.filter(pk__in=found.order_by().values("pk")) if words else found


class OrderRecord(ui.RecordScreen):
    """One order: what was promised, how far it went, and what may be done now."""

    model = Order
    route = "orders"
    related = ("customer", "owner", "shipping_address")
    edit = "sales:order-edit"
    remarks = (
        ui.Status("delivery_state", tones=DELIVERY_TONES),
        ui.Status("invoice_state", tones=INVOICE_TONES),
        ui.Party("customer"),
        ui.Day("order_date"),
        ui.Money("total"),
    )
    verbs = (
        ui.Verb(
            confirm_order,
            _("Confirm"),
            when=awaits_confirmation,
            primary=True,
            icon="check",
            why_not=lambda order: "" if order.lines.all() else _now("Add a line first."),
        ),
        ui.Verb(
            release_order,
            _("Release"),
            when=lambda order: order.status == Order.Status.ON_HOLD,
            icon="lock-open",
            confirm=_("The order is confirmed although the credit limit is exceeded."),
        ),
        ui.Verb(
            cancel_order,
            _("Cancel order"),
            form=forms.ReasonForm,
            danger=True,
            tucked=True,
            icon="x",
            when=lambda order: order.status in {Order.Status.DRAFT, Order.Status.ON_HOLD, Order.Status.CONFIRMED},
            why_not=lambda order: _now("Something was delivered or billed already: return the goods instead.") if has_left(order) else "",
        ),
    )
    counts = (
        ui.Count(
            _("To deliver"),
            number=lambda order: sum(1 for line in order.lines.all() if line.is_goods and line.undelivered > 0),
            icon="package",
            when=lambda order: order.status == Order.Status.CONFIRMED,
        ),
        ui.Count(
            _("Returns"),
            number=lambda order: order.return_count or None,
            url=lambda order: f"{reverse('sales:returns')}?state=all&q={order.number}",
            icon="undo-2",
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Party("customer", _("Customer")),
                ui.Text("shipping_address", _("Deliver to")),
                ui.Day("order_date", _("Order date"), exact=True),
                ui.Day("requested_date", _("Wanted by"), exact=True),
                ui.YesNo("prices_include_tax", _("Prices include tax")),
                ui.Person("owner", _("Owner")),
                ui.Text(lambda order: order.why_held if order.status == Order.Status.ON_HOLD else "", _("Why it waits")),
                ui.Text("cancel_reason", _("Why it was cancelled")),
                ui.Text("note", _("Note")),
            )
        ),
        ui.Panel(
            title=_("Can we deliver?"),
            place="side",
            body="sales/promises.html",
            values=lambda order, _user: {"notes": promises(order)},
            when=awaits_confirmation,
        ),
        ui.Related(),
        ui.Files(),
        ui.Lines(
            title=_("Lines"),
            rows=lambda order: order.lines.all(),
            empty=_("Nothing is ordered yet. Edit the order to add lines."),
            cells=(
                ui.Text("description", _("Product")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code", phone="sub"),
                Progress("delivered_quantity", _("Delivered"), draw=how_far),
                ui.Quantity("invoiced_quantity", _("Invoiced")),
                ui.Money("unit_price", _("Unit price"), currency="order.currency"),
                ui.Percent("discount", _("Discount")),
                ui.Money("net", _("Net"), currency="order.currency"),
            ),
            totals=(ui.Money("net", _("Net")), ui.Money("tax", _("Tax")), ui.Money("total", _("Total"))),
        ),
        ui.Table(
            title=_("Returns"),
            rows=lambda order: order.returns.order_by("-pk"),
            linked=True,
            when=lambda order: bool(order.return_count),
            cells=(ui.Text("number", _("Return")), ui.Status(), ui.Text("reason", _("Reason")), ui.Day("requested_on", _("Agreed on"))),
        ),
        ui.Timeline(),
        ui.History(),
    )

    def queryset(self) -> QuerySet[Order]:
        """With the states that follow from the lines, and the lines."""
        rows = Order.objects.visible_to(self.user).select_related(*self.related).with_states()
        return rows.annotate(return_count=Count("returns")).prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("product__unit"))
        )

    def edit_url(self) -> str:
        """Only a draft is edited."""
        return super().edit_url() if self.record.is_draft else ""

    def links(self) -> list[ui.Action]:
        """Goods that were delivered may come back."""
        may = self.user.has_perm("sales.request_return") and any(line.returnable > 0 for line in self.record.lines.all())
        return [ui.Action(_("Return goods"), reverse("sales:order-return", args=[self.record.pk]), "undo-2")] if may else []


def promises(order: Order) -> list[ui.Note]:
    """Stock and credit for an order that is not confirmed yet, as they stand now."""
    wanted = [(line.product, line.quantity) for line in order.lines.all() if line.product is not None]
    return [*stock_notes(wanted), *credit_notes(order.customer_id, order.total)]
