"""What the stock is worth: the report, and where most of the value lies."""

from decimal import Decimal
from urllib.parse import quote

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import Valuation
from backoffice.inventory.views.stock import Moves
from core import clock
from core.web import ui

ZERO = Decimal(0)
MOST = 8


class StockValue(ui.ReportScreen):
    """What all stock is worth, product by product: the sum is the ledger's stock account."""

    route = "stock-value"
    permission = "catalog.view_cost"
    title = _("Stock value")
    hint = _("What lies in stock is worth this at what it cost; the total is the stock account of the ledger.")
    nav = ui.Nav(_("Stock value"), icon="coins", order=45, group=_("Stock records"))

    def report(self, data: dict[str, object]) -> ui.Report:
        """Quantity, average and value of every product there is."""
        valuations = list(
            Valuation.objects.filter(quantity__gt=0).select_related("product__unit").order_by("-value", "product__name", "pk")
        )
        total = sum((row.value for row in valuations), ZERO)
        rows = [
            ui.Row(
                (
                    row.product.name,
                    row.product.sku,
                    row.quantity,
                    row.product.unit.code,
                    row.average,
                    row.value,
                    round(row.value / total, 4) if total else None,
                ),
                urls=(ui.url_for("catalog.product", row.product_id), "", "", "", "", f"{Moves.url()}?q={quote(row.product.sku)}"),
            )
            for row in valuations
        ]
        return ui.Report(
            heads=(
                ui.Head(_("Product")),
                ui.Head(_("SKU"), under=True),
                ui.Head(_("Quantity"), "number"),
                ui.Head(_("Unit"), under=True),
                ui.Head(_("Average cost of one"), "money", detail=True),
                ui.Head(_("Value"), "money"),
                ui.Head(_("Share"), "percent", detail=True),
            ),
            rows=[*rows, ui.Row((_("Total"), None, None, None, None, total, None), "total")] if rows else [],
            currency=ui.currency(),
            note=at_average(),
            chart=worth_most(valuations, total) if rows else "",
        )


def at_average() -> str:
    """How the stock is valued, and as of when."""
    return gettext("At moving average, %(moment)s") % {"moment": ui.figures.moment(clock.now())}


def worth_most(valuations: list[Valuation], total: Decimal) -> SafeString:
    """The products that most of the value lies in; the others together."""
    currency = ui.currency()

    def part(label: str, value: Decimal, url: str = "") -> ui.charts.Part:
        share = ui.figures.percent(round(value / total, 3)) if total else ""
        return ui.charts.Part(label, float(value), ui.figures.short_money(value, currency), share, url)

    parts = [part(row.product.name, row.value, ui.url_for("catalog.product", row.product_id)) for row in valuations[:MOST]]
    rest = sum((row.value for row in valuations[MOST:]), ZERO)
    if rest:
        parts.append(part(gettext("%(count)s others") % {"count": len(valuations) - MOST}, rest))
    return ui.charts.funnel(parts, gettext("Where the value lies"), at_average())
