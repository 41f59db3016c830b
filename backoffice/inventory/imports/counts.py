"""Stock counts, from files."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.imports.opening import ON, on_hand
from backoffice.inventory.models import Adjustment
from backoffice.inventory.operations import adjust_stock
from core.catalog.imports import PRODUCT
from core.catalog.models import Product
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, not_negative, up_to
from core.people.models import User


def count_stock(facts: Facts, by: User) -> Adjustment:
    """Bring the books to what was counted."""
    product: Product = facts["product"]
    reason = facts.get("reason") or _now("Stock count")
    return adjust_stock(product, counted=facts["counted"], reason=reason, unit_cost=facts.get("unit_cost"), on=facts.get("on"), by=by)


def uncount(adjustment: Adjustment, by: User) -> None:
    """Adjust by the opposite."""
    reason = _now("%(adjustment)s is taken back with its import.") % {"adjustment": adjustment.number}
    adjust_stock(adjustment.product, difference=-adjustment.difference, location=adjustment.location, reason=reason, by=by)


provide(
    ImportKind(
        "inventory.count",
        _("Stock count"),
        Adjustment,
        permission="inventory.adjust_stock",
        columns=(
            PRODUCT,
            Column(
                "counted",
                _("Counted"),
                not_negative,
                required=True,
                synonyms=("quantity", "qty", "count", "jumlah", "hitungan", "stok fisik", "fisik"),
                example="23",
            ),
            Column("reason", _("Reason"), up_to(200), synonyms=("alasan", "note", "keterangan"), example="Stok opname"),
            Column(
                "unit_cost",
                _("Unit cost"),
                not_negative,
                default=None,
                synonyms=("cost", "harga pokok", "hpp"),
                help=_("For goods that are found; empty: the average."),
            ),
            ON,
        ),
        keys=("product",),
        create=count_stock,
        cells=lambda adjustment: {"on_hand": cell_of(on_hand(adjustment.product_id, adjustment.location_id))},
        remove=uncount,
        kept_as=_("Taken back by an opposite adjustment: what was posted stays in the books."),
        lists=("inventory:adjustments", "inventory:stock"),
        icon="clipboard-list",
        hint=_("What was counted on the shelf; the books are brought to it."),
    )
)
