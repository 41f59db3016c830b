"""Opening stock, from files."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import Receipt, StockLevel
from backoffice.inventory.operations import ReceivedLine, adjust_stock, receive_goods
from core.catalog.imports import PRODUCT
from core.imports.columns import NOTE
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, day, not_negative, positive, up_to
from core.people.models import User

ON = Column("on", _("Date"), day, default=None, synonyms=("tanggal", "as of", "per tanggal"), example="01/01/2026", help=_("Empty: today."))


def on_hand(product_id: int, location_id: int) -> Decimal:
    """How much lies on the shelf."""
    level = StockLevel.objects.filter(product=product_id, location=location_id).first()
    return level.on_hand if level else Decimal(0)


def open_stock(facts: Facts, by: User) -> Receipt:
    """Goods that were there when the books were opened."""
    line = ReceivedLine(product_id=facts["product"].pk, quantity=facts["quantity"], unit_cost=facts["unit_cost"])
    return receive_goods(lines=[line], on=facts.get("on"), opening=True, note=facts.get("note", ""), by=by)


def receipt_cells(receipt: Receipt) -> dict[str, str]:
    """What lies on the shelf of the goods of a receipt."""
    return {str(line.product_id): cell_of(on_hand(line.product_id, receipt.location_id)) for line in receipt.lines.order_by("pk")}


def take_off(receipt: Receipt, by: User) -> None:
    """Write the goods of an opening receipt off again: posted stock stays in the books, its opposite beside it."""
    for line in receipt.lines.select_related("product").order_by("pk"):
        reason = _now("%(receipt)s is taken back with its import.") % {"receipt": receipt.number}
        adjust_stock(line.product, difference=-line.received_quantity, location=receipt.location, reason=reason, by=by)


provide(
    ImportKind(
        "inventory.opening",
        _("Opening stock"),
        Receipt,
        permission="inventory.receive_goods",
        columns=(
            PRODUCT,
            Column(
                "quantity",
                _("Quantity"),
                positive,
                required=True,
                synonyms=("qty", "stock", "on hand", "jumlah", "stok", "saldo", "kuantitas"),
                example="25",
            ),
            Column(
                "unit_cost",
                _("Unit cost"),
                not_negative,
                required=True,
                synonyms=("cost", "cost price", "average cost", "harga pokok", "hpp", "harga beli", "biaya"),
                example="1750000",
            ),
            ON,
            replace(NOTE, parse=up_to(200)),
        ),
        keys=("product",),
        create=open_stock,
        cells=receipt_cells,
        remove=take_off,
        kept_as=_("Written off by an adjustment: what was posted stays in the books."),
        lists=("inventory:receipts", "inventory:stock"),
        icon="boxes",
        hint=_("What lay on the shelf when the books were opened, with its cost."),
    )
)
