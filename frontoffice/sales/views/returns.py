"""The screens of returns."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.web import ui
from frontoffice.sales import forms
from frontoffice.sales.models import Return
from frontoffice.sales.operations import cancel_return


class Returns(ui.ListScreen):
    """All returns."""

    model = Return
    route = "returns"
    title = _("Returns")
    nav = ui.Nav(_("Returns"), icon="undo-2", order=20)
    columns = (
        ui.Text("number", _("Return"), sort="number"),
        ui.Party("order.customer", _("Customer"), sort="order__customer__name", link=False),
        ui.Link("order", _("Order")),
        ui.Status(),
        ui.Text("reason", _("Reason"), muted=True),
        ui.Day("requested_on", _("Agreed on"), sort="requested_on"),
        ui.Day("received_on", _("Received on"), sort="received_on"),
    )
    bulk = ("cancel",)
    related = ("order__customer",)
    search = ("number", "order__number", "order__customer__name", "reason")
    search_hint = _("Number, order or customer")
    segments = (
        ui.Segment("expected", pgettext_lazy("goods", "Expected"), "expected"),
        ui.Segment("received", _("Received"), lambda rows: rows.filter(status=Return.Status.RECEIVED)),
        ui.Segment("cancelled", _("Cancelled"), lambda rows: rows.filter(status=Return.Status.CANCELLED)),
    )
    filters = (ui.Period("requested_on"),)
    order = ("-requested_on", "-pk")
    empty = ui.Empty(_("Nothing comes back. Agree to a return on the order it belongs to."), "undo-2", "sales:orders", _("See orders"))


class ReturnRecord(ui.RecordScreen):
    """One return."""

    model = Return
    route = "returns"
    related = ("order__customer",)
    remarks = (ui.Party("order.customer"), ui.Link("order"), ui.Text("reason"))
    verbs = (ui.Verb(cancel_return, _("Cancel return"), form=forms.ReasonForm, to=Return.Status.CANCELLED, danger=True, icon="x"),)
    sections = (
        ui.Facts(
            cells=(
                ui.Party("order.customer", _("Customer")),
                ui.Link("order", _("Order")),
                ui.Text("reason", _("Reason")),
                ui.Day("requested_on", _("Agreed on"), exact=True),
                ui.Day("received_on", _("Received on"), exact=True),
            )
        ),
        ui.Related(),
        ui.Files(),
        ui.Lines(
            title=_("Lines"),
            rows="lines",
            related=("order_line__product__unit",),
            cells=(
                ui.Text("order_line.description", _("Product")),
                ui.Quantity("quantity", _("Comes back"), unit="order_line.product.unit.code"),
                ui.Quantity("received_quantity", _("Received"), unit="order_line.product.unit.code"),
            ),
        ),
        ui.Timeline(),
        ui.History(),
    )
