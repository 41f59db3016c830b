"""The papers of an order: the quotation while it is a draft, the confirmation once it is promised."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.money import ZERO
from core.parties.models import Address
from core.printing.documents import document
from core.printing.letterhead import addressee
from core.printing.paper import Addressee, Column, Fact, Paper, Remark, Row, Table, Total
from core.printing.wording import Written, amounts, day, price
from core.web import figures
from frontoffice.sales.models import Order, OrderLine

CLEAN = Decimal("0.005")
"""Tax rates are steps of half a percent; what lies beside them comes from rounding many lines, or from mixed rates."""


def is_offer(order: Order) -> bool:
    """Whether the customer may still say yes or no."""
    return order.status in {Order.Status.DRAFT, Order.Status.ON_HOLD}


def is_not_cancelled(order: Order) -> bool:
    """Whether there is something to confirm."""
    return order.status != Order.Status.CANCELLED


@document("sales.order", "quotation", _("Quotation"), when=is_offer, icon="file-pen-line")
def quotation(order: Order) -> Paper:
    """What the customer may say yes to, at which price."""
    written = _written(order)
    facts = [Fact(gettext("Date"), day(order.order_date)), *_wanted_by(order)]
    return _paper(
        order,
        title=gettext("Quotation"),
        facts=facts,
        headline=written(order.total),
        headnote=_tax_note(order),
        cover=gettext("Please find attached our quotation %(number)s over %(total)s. We look forward to your order.")
        % {"number": order.number, "total": written(order.total)},
    )


@document("sales.order", "order-confirmation", _("Order confirmation"), when=is_not_cancelled, icon="file-check", draft=is_offer)
def order_confirmation(order: Order) -> Paper:
    """What we promised the customer."""
    written = _written(order)
    facts = [Fact(gettext("Order date"), day(order.order_date)), *_wanted_by(order)]
    return _paper(
        order,
        title=gettext("Order confirmation"),
        facts=facts,
        headline=gettext("Thank you for your order over %(total)s") % {"total": written(order.total)},
        headnote=_tax_note(order),
        stamp=gettext("DRAFT") if is_offer(order) else "",
        cover=gettext("Thank you for your order. Please find attached our confirmation %(number)s over %(total)s.")
        % {"number": order.number, "total": written(order.total)},
    )


def _paper(order: Order, *, title: str, facts: list[Fact], headline: str, headnote: str, cover: str, stamp: str = "") -> Paper:
    lines = list(order.lines.select_related("product__unit").order_by("position", "pk"))
    owner = [Fact(gettext("Your contact"), order.owner.name)] if order.owner else []
    return Paper(
        title=title,
        number=order.number,
        made_on=order.order_date,
        to_label=gettext("To"),
        to=addressee(order.customer, Address.Kind.OFFICE, Address.Kind.BILLING),
        ship_label=gettext("Deliver to") if order.shipping_address else "",
        ship=_ship_to(order),
        facts=(*facts, *owner),
        headline=headline,
        headnote=headnote,
        tables=(_lines(order, lines),),
        totals=_totals(order, lines),
        remarks=(Remark(gettext("Note"), order.note),) if order.note.strip() else (),
        with_terms=True,
        stamp=stamp,
        cover=cover,
    )


def _written(order: Order) -> Written:
    return amounts(order.currency, [order.net, order.tax, order.total, *(line.amount for line in order.lines.all())])


def _ship_to(order: Order) -> Addressee | None:
    return addressee(order.customer, at=order.shipping_address) if order.shipping_address else None


def _wanted_by(order: Order) -> list[Fact]:
    return [Fact(gettext("Wanted by"), day(order.requested_date))] if order.requested_date else []


def _tax_note(order: Order) -> str:
    if not order.tax:
        return ""
    return gettext("including %(tax)s tax") % {"tax": _written(order)(order.tax)}


def _lines(order: Order, lines: Sequence[OrderLine]) -> Table:
    written = _written(order)
    discounted = any(line.discount for line in lines)
    heads = [
        Column(gettext("Description"), wide=True),
        Column(gettext("Quantity"), figures=True),
        Column(gettext("Unit price"), figures=True),
    ]
    heads += [Column(gettext("Discount"), figures=True)] if discounted else []
    return Table(
        (*heads, Column(gettext("Amount"), figures=True)),
        tuple(
            Row(
                (
                    line.description,
                    figures.quantity(line.quantity, line.product.unit.code if line.product else ""),
                    price(line.unit_price, order.currency),
                    *([figures.percent(line.discount) if line.discount else ""] if discounted else []),
                    written(line.amount),
                ),
                note=line.product.sku if line.product else "",
            )
            for line in lines
        ),
    )


def _totals(order: Order, lines: Sequence[OrderLine]) -> tuple[Total, ...]:
    written = _written(order)
    total = Total(gettext("Total"), written(order.total), strong=True)
    if not order.tax:
        return (total,)
    by_category: dict[str, list[OrderLine]] = {}
    for line in lines:
        by_category.setdefault(line.tax_category, []).append(line)
    taxes = [_tax(group, written) for _category, group in sorted(by_category.items()) if any(line.tax for line in group)]
    return (Total(gettext("Net"), written(order.net)), *taxes, total)


def _tax(lines: Sequence[OrderLine], written: Written) -> Total:
    net, tax = sum((line.net for line in lines), ZERO), sum((line.tax for line in lines), ZERO)
    rate = (tax / net / CLEAN).quantize(Decimal(1)) * CLEAN if net else ZERO
    if abs(rate * net - tax) > len(lines):
        return Total(gettext("Tax"), written(tax))
    return Total(gettext("Tax %(rate)s on %(net)s") % {"rate": figures.percent(rate), "net": written(net)}, written(tax))
