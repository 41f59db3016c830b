"""The home page's pictures: revenue over the year, the pipeline by stage, what happened last."""

from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.finance.models import Invoice
from core import clock
from core.events.models import Record
from core.people.models import User
from core.web import ui
from frontoffice.crm.models import Deal, Stage
from integration.customer360.stories import STORIES
from integration.customer360.timeline import entry_of

MILLION = Decimal(1_000_000)
MONTHS = 12
LATEST = 7


@ui.card("finance.view_invoice", order=10)
def revenue_by_month(_user: User) -> ui.HomeCard:
    """Net of all invoices less credit notes, for the twelve months up to this one."""
    months = _months(clock.today())
    issued = Invoice.objects.filter(issued_on__gte=months[0])
    billed = _by_month(issued.filter(kind=Invoice.Kind.INVOICE))
    credited = _by_month(issued.filter(kind=Invoice.Kind.CREDIT_NOTE))
    values = [float((billed.get(month, Decimal(0)) - credited.get(month, Decimal(0))) / MILLION) for month in months]
    chart = ui.charts.Chart(
        title=gettext_lazy("Revenue by month"),
        labels=[ui.figures.month(month) for month in months],
        series=[ui.charts.Series(gettext_lazy("Net revenue"), values)],
        unit=_("million %(currency)s") % {"currency": ui.currency()},
        described=_("Net of invoices less credit notes; the last month is not over yet."),
    )
    return ui.HomeCard(
        _("Revenue by month, million %(currency)s") % {"currency": ui.currency()},
        "components/card_chart.html",
        {"chart": ui.charts.bars(chart)},
        url=ui.list_url_of("finance.invoice"),
    )


@ui.card("crm.view_deal", order=20, place="side")
def pipeline_by_stage(user: User) -> ui.HomeCard:
    """What the open deals of each stage are worth."""
    found = {
        row["stage"]: row
        for row in Deal.objects.visible_to(user).open().order_by().values("stage").annotate(worth=Sum("amount"), count=Count("pk"))
    }
    parts = [
        ui.charts.Part(
            label=stage.name,
            size=float(found[stage.pk]["worth"] or 0) if stage.pk in found else 0.0,
            figure=ui.figures.short_money(found[stage.pk]["worth"] if stage.pk in found else Decimal(0), ui.currency()),
            count=str(found[stage.pk]["count"] if stage.pk in found else 0),
        )
        for stage in Stage.objects.order_by("pipeline", "position")
    ]
    return ui.HomeCard(
        gettext_lazy("Pipeline by stage"), "components/card_chart.html", {"chart": ui.charts.funnel(parts)}, url=ui.list_url_of("crm.deal")
    )


@ui.card("parties.view_party", order=30, place="side")
def what_happened_last(_user: User) -> ui.HomeCard:
    """The latest events, in words."""
    latest = Record.objects.filter(type__in=STORIES, party__isnull=False).select_related("actor", "party").order_by("-pk")[:LATEST]
    items = []
    for record in latest:
        entry = entry_of(record)
        note = " · ".join(filter(None, (str(record.party or ""), entry.who, ui.figures.relative_moment(entry.at))))
        items.append(ui.Item(str(entry.title), note, url=entry.url, avatar=entry.who))
    return ui.HomeCard(gettext_lazy("Activity"), "components/card_items.html", {"items": items})


def _months(today: date) -> list[date]:
    """The first days of the twelve months up to today's."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - MONTHS + 1, last + 1)]


def _by_month(invoices: QuerySet[Invoice]) -> dict[date, Decimal]:
    rows = invoices.order_by().annotate(month=TruncMonth("issued_on")).values("month").annotate(net=Sum("net"))
    return {row["month"]: row["net"] for row in rows}
