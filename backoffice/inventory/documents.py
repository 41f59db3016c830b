"""The delivery note: what goes to the customer, without prices."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import DeliveryLine, DeliveryOrder
from core import clock
from core.parties.models import Address
from core.printing.documents import document
from core.printing.letterhead import addressee
from core.printing.paper import Addressee, Column, Fact, Paper, Row, Table
from core.printing.wording import day
from core.web import figures


def is_not_cancelled(delivery: DeliveryOrder) -> bool:
    """Whether anything goes to the customer."""
    return delivery.status != DeliveryOrder.Status.CANCELLED


def has_not_left(delivery: DeliveryOrder) -> bool:
    """Whether what it says may still change."""
    return delivery.status != DeliveryOrder.Status.DELIVERED


@document("inventory.deliveryorder", "delivery-note", _("Delivery note"), when=is_not_cancelled, icon="truck", draft=has_not_left)
def delivery_note(delivery: DeliveryOrder) -> Paper:
    """What is in the boxes, and who took them."""
    left = not has_not_left(delivery)
    lines = list(delivery.lines.select_related("product__unit").order_by("pk"))
    follows = left and any(line.quantity > line.delivered_quantity for line in lines)
    when = delivery.delivered_on if left else delivery.scheduled_on
    facts = [
        Fact(gettext("Delivered on") if left else gettext("Scheduled for"), day(when)),
        Fact(gettext("Order"), delivery.order_number),
        Fact(gettext("Warehouse"), delivery.location.warehouse.name if delivery.location.warehouse else ""),
    ]
    heads = [Column(gettext("Description"), wide=True), Column(gettext("Ordered"), figures=True)]
    heads.append(Column(gettext("Delivered") if left else gettext("To deliver"), figures=True))
    return Paper(
        title=gettext("Delivery note"),
        number=delivery.number,
        made_on=when or clock.today(),
        to_label=gettext("Customer"),
        to=addressee(delivery.customer, Address.Kind.OFFICE),
        ship_label=gettext("Deliver to"),
        ship=_ship_to(delivery),
        facts=tuple(fact for fact in facts if fact.value),
        tables=(
            Table(
                (*heads, *([Column(gettext("To follow"), figures=True)] if follows else [])),
                tuple(_row(line, left=left, follows=follows) for line in lines if not left or line.delivered_quantity or follows),
            ),
        ),
        signatures=(gettext("Handed over by, date"), gettext("Received in good order by, date")),
        stamp="" if left else gettext("DRAFT"),
        cover=gettext("Your goods are on their way. Please find attached delivery note %(number)s for your order %(order)s.")
        % {"number": delivery.number, "order": delivery.order_number},
    )


def _row(line: DeliveryLine, *, left: bool, follows: bool) -> Row:
    unit = line.product.unit.code
    gone = line.delivered_quantity if left else line.quantity
    cells = [line.product.name, figures.quantity(line.quantity, unit), figures.quantity(gone, unit)]
    if follows:
        rest = line.quantity - line.delivered_quantity
        cells.append(figures.quantity(rest, unit) if rest else "")
    return Row(tuple(cells), note=line.product.sku)


def _ship_to(delivery: DeliveryOrder) -> Addressee:
    if delivery.ship_to_address:
        return addressee(delivery.customer, at=delivery.ship_to_address)
    if delivery.ship_to:
        name, *rest = delivery.ship_to.splitlines()
        return Addressee(name, tuple(rest))
    return addressee(delivery.customer, Address.Kind.SHIPPING)
