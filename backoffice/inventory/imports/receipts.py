"""Goods on their way to us, from files: the rows of one reference are the lines of one receipt."""

from dataclasses import replace

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import Receipt
from backoffice.inventory.operations import ReceivedLine, cancel_receipt, plan_receipt
from backoffice.inventory.operations.lines import check_quantity, the_goods
from core.catalog.imports import PRODUCT
from core.errors import Refused
from core.imports.columns import NOTE
from core.imports.kinds import ImportKind, RowRefused, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import day, not_negative, positive, record, up_to
from core.parties.imports import CURRENCY, CUSTOMER, party_named
from core.people.models import User


def plan(facts: Facts, by: User) -> Receipt:
    """A planned receipt with a line of every row; its reference stands in the note."""
    for place, row in enumerate(facts["lines"]):
        _check(place, row)
    lines = [ReceivedLine(row["product"].pk, row["quantity"], row["unit_cost"]) for row in facts["lines"]]
    note = " · ".join(filter(None, [facts.get("note", ""), _now("Reference: %(reference)s") % {"reference": facts["reference"]}]))
    return plan_receipt(lines=lines, supplier=facts.get("supplier"), expected_on=facts.get("expected_on"), note=note[:200], by=by)


def _check(place: int, row: Facts) -> None:
    """Say of the row itself what is wrong with it."""
    try:
        goods = the_goods([row["product"].pk])
        check_quantity(goods[row["product"].pk], row["quantity"])
    except Refused as refusal:
        raise RowRefused(place, refusal, field=refusal.field or "product") from refusal


provide(
    ImportKind(
        "inventory.receipt",
        _("Receipts"),
        Receipt,
        permission="inventory.plan_receipt",
        columns=(
            Column(
                "reference",
                _("Receipt reference"),
                up_to(80),
                required=True,
                synonyms=("reference", "purchase order", "po", "po number", "no po", "nomor po", "shipment", "referensi", "no pembelian"),
                example="PB-2026-031",
                help=_("Rows of the same reference make one receipt. A reference that came in before is not planned again."),
            ),
            replace(
                CUSTOMER,
                field="supplier",
                name=_("Supplier"),
                parse=record(party_named, _("supplier")),
                required=False,
                default=None,
                synonyms=("vendor", "supplier code", "pemasok", "kode pemasok", "nama pemasok"),
                example="S-0003",
            ),
            Column(
                "expected_on",
                _("Expected on"),
                day,
                default=None,
                synonyms=("expected", "eta", "arrival date", "delivery date", "tanggal datang", "perkiraan datang"),
                example="31/01/2027",
            ),
            PRODUCT,
            Column("quantity", _("Quantity"), positive, required=True, synonyms=("qty", "jumlah", "kuantitas", "banyak"), example="24"),
            Column(
                "unit_cost",
                _("Unit cost"),
                not_negative,
                required=True,
                synonyms=("cost", "cost price", "price", "unit price", "harga", "harga beli", "harga satuan"),
                example="1750000",
            ),
            replace(NOTE, parse=up_to(120)),
            CURRENCY,
        ),
        group="reference",
        lines=("product", "quantity", "unit_cost"),
        create=plan,
        cells=lambda receipt: {"status": receipt.status},
        remove=lambda receipt, by: cancel_receipt(receipt, reason=_now("Taken back with its import"), by=by),
        kept_as=_("Cancelled: a receipt that was planned stays, with its number."),
        lists=("inventory:receipts",),
        icon="truck",
        hint=_(
            "Goods that suppliers will bring, one row for every line. They are planned: nothing lies on the shelf before you receive it."
        ),
        examples=({"reference": "PB-2026-031", "product": "CHAIR-200", "quantity": "40", "unit_cost": "630000"},),
    )
)
