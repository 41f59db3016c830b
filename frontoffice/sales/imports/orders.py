"""Orders, from files: the rows of one reference are the lines of one order."""

from dataclasses import replace

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.catalog.imports import PRODUCT
from core.errors import Refused
from core.imports.columns import NOTE
from core.imports.kinds import ImportKind, RowRefused, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import day, not_negative, percent, positive, up_to, yes_or_no
from core.parties.imports import CURRENCY, CUSTOMER
from core.parties.models import Company
from core.people.models import User
from frontoffice.sales.models import Order
from frontoffice.sales.operations import cancel_order, place_order
from frontoffice.sales.operations.lines import NewLine, figures_for


def place(facts: Facts, by: User) -> Order:
    """A draft with a line of every row; its reference stands in the note."""
    facts = dict(facts)
    customer, reference = facts.pop("customer"), facts.pop("reference")
    facts.pop("currency", None)
    lines = [_line(row) for row in facts.pop("lines")]
    note = "\n".join(filter(None, [facts.pop("note", ""), _now("Reference: %(reference)s") % {"reference": reference}]))
    try:
        return place_order(customer_id=customer.pk, lines=lines, note=note, by=by, **facts)
    except Refused:
        _say_where(lines, customer.pk, facts)
        raise


def _line(row: Facts) -> NewLine:
    row = dict(row)
    product = row.pop("product", None)
    return NewLine(product_id=product.pk if product else None, **row)


def _say_where(lines: list[NewLine], customer_id: int, facts: Facts) -> None:
    """Find the row an order was refused for."""
    for number, line in enumerate(lines):
        try:
            figures_for(
                [line], customer=customer_id, currency=Company.objects.current().currency, on=facts.get("order_date") or clock.today()
            )
        except Refused as refusal:
            raise RowRefused(number, refusal) from refusal


provide(
    ImportKind(
        "sales.order",
        _("Orders"),
        Order,
        permission="sales.place_order",
        columns=(
            Column(
                "reference",
                _("Order reference"),
                up_to(80),
                required=True,
                synonyms=("reference", "order", "order no", "order number", "no pesanan", "nomor pesanan", "pesanan", "no po", "po", "so"),
                example="PO-2026-117",
                help=_("Rows of the same reference make one order. A reference that came in before is not ordered again."),
            ),
            CUSTOMER,
            Column(
                "order_date",
                _("Order date"),
                day,
                default=None,
                synonyms=("date", "tanggal", "tanggal pesanan", "tgl pesanan"),
                example="15/01/2026",
                help=_("Empty: today."),
            ),
            Column(
                "requested_date",
                _("Wanted by"),
                day,
                default=None,
                synonyms=("requested date", "delivery date", "tanggal kirim", "tanggal diminta"),
                example="31/01/2026",
            ),
            replace(PRODUCT, required=False, default=None, help=_("Its SKU. Empty for a charge such as freight.")),
            Column(
                "description",
                _("Description"),
                up_to(300),
                synonyms=("product name", "item", "nama barang", "nama produk", "uraian"),
                help=_("Empty: the name of the product."),
            ),
            Column("quantity", _("Quantity"), positive, required=True, synonyms=("qty", "jumlah", "kuantitas", "banyak"), example="4"),
            Column(
                "unit_price",
                _("Unit price"),
                not_negative,
                default=None,
                synonyms=("price", "harga", "harga satuan"),
                help=_("Left empty: the customer's price."),
            ),
            Column("discount", _("Discount %"), percent, default=None, synonyms=("discount", "disc", "diskon", "potongan"), example="5"),
            Column(
                "prices_include_tax",
                _("Prices include tax"),
                yes_or_no,
                default=False,
                synonyms=("tax included", "termasuk pajak", "harga termasuk pajak", "termasuk ppn"),
            ),
            NOTE,
            CURRENCY,
        ),
        group="reference",
        lines=("product", "description", "quantity", "unit_price", "discount"),
        create=place,
        cells=lambda order: {"status": order.status, "total": str(order.total)},
        remove=lambda order, by: cancel_order(order, reason=_now("Taken back with its import"), by=by),
        kept_as=_("Cancelled: an order that was placed stays, with its number."),
        lists=("sales:orders",),
        icon="shopping-cart",
        hint=_("Orders of customers, one row for every line. They come in as drafts: nothing is promised before you confirm them."),
        examples=({"reference": "PO-2026-117", "product": "CHAIR-200", "quantity": "8"},),
    )
)
