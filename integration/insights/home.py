"""The home page's pictures: revenue over the year, the pipeline by stage, what happened last, and how the machine does."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, Count, F, Min, Sum, Value, When
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.finance.models import Invoice
from core import clock
from core.effects.models import Effect
from core.events.models import Delivery, Record
from core.people.models import User
from core.web import ui
from core.web.gathering import NUMBER, Gathered
from frontoffice.crm.models import Deal, Stage
from integration.customer360.stories import NOT_TOLD, STORIES
from integration.customer360.timeline import entry_of, within_reach
from integration.words import event_in_words, handler_in_words, process_of

MONTHS = 12
LATEST = 7
BUSY_DAYS = 28
MOST = 5
TOLD = ("type", "schema_version", "payload", "occurred_at", "actor__name", "party__name")


@ui.card("finance.view_invoice", order=10)
def revenue_by_month(_user: User) -> Gathered:
    """Net of all invoices less credit notes, for the twelve months up to this one, beside the year before."""
    today = clock.today()
    months = [ui.months_before(today.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
    issued = Invoice.objects.filter(issued_on__gte=ui.months_before(months[0], 12), issued_on__lte=today, is_opening=False)
    signed = Case(When(kind=Invoice.Kind.CREDIT_NOTE, then=F("net") * -1), default=F("net"), output_field=NUMBER)
    rows = issued.order_by().annotate(month=TruncMonth("issued_on")).values("month")

    def make(lines: list[ui.Line]) -> ui.HomeCard | None:
        if not lines:
            return None
        net = {line.day: line.a for line in lines}
        before = [net.get(ui.months_before(month, 12)) for month in months]
        series = [ui.charts.Series(_("This year"), [net.get(month, Decimal(0)) for month in months], partial=1)]
        if sum(amount is not None for amount in before) >= MONTHS // 2:
            series.append(ui.charts.Series(_("A year earlier"), before, "previous"))
        chart = ui.charts.Chart(
            title=_("Revenue by month"),
            labels=[ui.figures.month(month) for month in months],
            series=series,
            currency=ui.currency(),
            described=_("Net of invoices less credit notes; the last month is not over yet."),
            note=_("net of invoices less credit notes; this month is not over yet"),
            urls=[f"{reverse('finance:invoices')}?state=all&where=issued_on~between~{month}~{ui.month_end(month)}" for month in months],
        )
        return ui.HomeCard(
            _("Revenue by month"), "components/card_chart.html", {"chart": ui.charts.bars(chart)}, url=ui.list_url_of("finance.invoice")
        )

    return ui.gathered(ui.Gather(rows, day="month", a=Sum(signed)), make=make)


@ui.card("crm.view_deal", order=20, place="side")
def pipeline_by_stage(user: User) -> Gathered:
    """What the open deals of each stage are worth."""
    stages = ui.Gather(Stage.objects.order_by(), pk="pk", key="name", c=F("pipeline") * 1000 + F("position"))
    deals = ui.Gather(Deal.objects.visible_to(user).open().order_by().values("stage_id"), pk="stage_id", a=Sum("amount"), b=Count("pk"))

    def make(lines: list[ui.Line], sums: list[ui.Line]) -> ui.HomeCard | None:
        if not sums:
            return None
        worth = {line.pk: (line.a, int(line.b)) for line in sums}
        parts = []
        for line in sorted(lines, key=lambda line: line.c):
            amount, count = worth.get(line.pk, (Decimal(0), 0))
            part = ui.charts.Part(
                label=line.key,
                size=float(amount),
                figure=ui.figures.short_money(amount, ui.currency()),
                count=str(count),
                url=f"{ui.list_url_of('crm.deal')}?state=open&stage={line.pk}",
            )
            parts.append(part)
        return ui.HomeCard(
            _("Pipeline by stage"), "components/card_chart.html", {"chart": ui.charts.funnel(parts)}, url=reverse("crm:deal-board")
        )

    return ui.gathered(stages, deals, make=make)


@ui.card("parties.view_party", order=30, fresh=True)
def what_happened_last(user: User) -> ui.HomeCard | None:
    """The latest events, in words; nothing before the first of them."""
    told = Record.objects.filter(type__in=STORIES.keys() - NOT_TOLD, party__isnull=False).select_related("actor", "party").order_by("-pk")
    latest = within_reach(user, told)
    items = []
    for record in latest.only(*TOLD)[:LATEST]:
        entry = entry_of(record)
        note = " · ".join(filter(None, (str(record.party or ""), entry.who, ui.figures.relative_moment(entry.at))))
        items.append(ui.Item(str(entry.title), note, url=entry.url, avatar=entry.who))
    return ui.HomeCard(gettext_lazy("Activity"), "components/card_items.html", {"items": items}) if items else None


def sees_money(user: User) -> bool:
    """Whether somebody looks at the business: the machine then only shows when it is in trouble."""
    return user.has_perm("finance.view_invoice")


@ui.kpi("events.retry_delivery", order=80)
def how_far_behind(user: User) -> Gathered | None:
    """How many events still wait for somebody's reaction, and since when the oldest does."""
    if sees_money(user):
        return None
    rows = Delivery.objects.on_its_way().order_by().values(every=Value(1))

    def make(lines: list[ui.Line]) -> ui.Kpi:
        count = int(lines[0].a) if lines else 0
        oldest = lines[0].moment if count else None
        late = oldest is not None and oldest < clock.now() - timedelta(minutes=1)
        return ui.Kpi(
            _("Events on their way"),
            str(count),
            good=not late if count else None,
            note=_("the oldest waits since %(when)s") % {"when": ui.figures.relative_moment(oldest)}
            if oldest
            else _("every event has arrived"),
            url=f"{ui.list_url_of('events.delivery')}?state=unfinished",
        )

    return ui.gathered(ui.Gather(rows, a=Count("pk"), moment=Min("record__recorded_at")), make=make)


@ui.kpi("events.retry_delivery", order=81)
def given_up(user: User) -> Gathered:
    """What nobody carries on with until somebody decides."""
    deliveries = Delivery.objects.dead().order_by().values(every=Value(1))
    messages = Effect.objects.filter(status=Effect.Status.FAILED).order_by().values(every=Value(1))

    def make(dead: list[ui.Line], failed: list[ui.Line]) -> ui.Kpi | None:
        stuck, unsent = (int(lines[0].a) if lines else 0 for lines in (dead, failed))
        if not stuck + unsent and sees_money(user):
            return None
        return ui.Kpi(
            _("Given up"),
            str(stuck + unsent),
            good=None if not stuck + unsent else False,
            note=_("%(stuck)s events, %(unsent)s messages") % {"stuck": stuck, "unsent": unsent},
            url=f"{ui.list_url_of('events.delivery')}?state=dead",
        )

    return ui.gathered(ui.Gather(deliveries, a=Count("pk")), ui.Gather(messages, a=Count("pk")), make=make)


@ui.tasks("events.retry_delivery", order=5)
def to_decide(_user: User) -> Gathered:
    """The deliveries that were given up, the oldest first: somebody has to retry or skip them."""
    rows = Delivery.objects.dead().order_by("pk")

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                _("“%(handler)s” gave up") % {"handler": handler_in_words(line.key)},
                f"{event_in_words(line.note)} · {process_of(line.key)}",
                url=ui.url_for("events.delivery", line.pk),
                when=ui.figures.relative_moment(line.moment),
                badge=_("Events"),
                action=_("Decide"),
                late=True,
            )
            for line in lines
        ]

    gather = ui.Gather(rows, pk="pk", key="handler", note="record__type", moment="record__recorded_at", most=MOST)
    return ui.gathered(gather, make=make)


@ui.card("events.retry_delivery", order=40)
def when_it_is_busy(user: User) -> Gathered | None:
    """Events by weekday and hour, for who runs the machine."""
    if sees_money(user):
        return None
    since = clock.now() - timedelta(days=BUSY_DAYS)
    lately = Record.objects.filter(occurred_at__gte=since).order_by()
    rows = lately.annotate(weekday=ExtractIsoWeekDay("occurred_at"), hour=ExtractHour("occurred_at")).values("weekday", "hour")

    def make(lines: list[ui.Line]) -> ui.HomeCard | None:
        counts = {(int(line.b), int(line.c)): line.a for line in lines}
        if not counts:
            return None
        hours = range(min(8, *(hour for _day, hour in counts)), max(17, *(hour for _day, hour in counts)) + 1)
        monday = date(2024, 1, 1)
        days = [
            (ui.figures.weekday(monday + timedelta(days=number - 1)), [counts.get((number, hour), Decimal(0)) for hour in hours])
            for number in range(1, 8)
        ]
        note = _("events by weekday and hour, the last %(days)s days") % {"days": BUSY_DAYS}
        heat = ui.charts.heat(ui.charts.Heat(_("When it is busy"), [str(hour) for hour in hours], days, note))
        return ui.HomeCard(_("When it is busy"), "components/card_chart.html", {"chart": heat}, url=ui.list_url_of("events.record"))

    return ui.gathered(ui.Gather(rows, a=Count("pk"), b=F("weekday"), c=F("hour")), make=make)
