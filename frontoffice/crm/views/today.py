"""What the CRM puts on the home page."""

from decimal import Decimal

from django.db.models import CharField, Count, Q, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered
from frontoffice.crm.models import Activity, Deal, Lead
from frontoffice.crm.views.deals import DealBoard


@ui.kpi("crm.view_deal", order=20)
def open_pipeline(user: User) -> Gathered:
    """What open deals may bring, and what that is worth weighed by how likely they are."""
    stalled = Q(pk__in=Deal.objects.stalled().values("pk"))
    rows = Deal.objects.visible_to(user).open().order_by().values("stage")
    share = Sum("stage__probability") / Count("pk")

    def make(lines: list[ui.Line]) -> ui.Kpi:
        total = sum((line.a for line in lines), Decimal(0))
        weighted = sum((line.a * Decimal(line.note) for line in lines), Decimal(0))
        count, still = sum(line.b for line in lines), sum(line.c for line in lines)
        return ui.Kpi(
            _("Open pipeline"),
            ui.figures.short_money(total, ui.currency()),
            note=_now("%(weighted)s weighted · %(open)s open, %(stalled)s stalled")
            % {"weighted": ui.figures.short_money(weighted, ui.currency()), "open": int(count), "stalled": int(still)},
            url=DealBoard.url(),
            title=ui.figures.money(total, ui.currency()),
        )

    gather = ui.Gather(rows, note=Cast(share, CharField()), a=Sum("amount"), b=Count("pk"), c=Count("pk", filter=stalled))
    return ui.gathered(gather, make=make)


@ui.tasks("crm.complete_activity", order=20)
def due_activities(user: User) -> Gathered:
    """The next steps of the person that are due by the end of the day."""
    rows = Activity.objects.planned().filter(assignee=user, due_at__date__lte=clock.here()).order_by("due_at", "pk")
    kinds = dict(Activity.Kind.choices)

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                line.key,
                line.note,
                url=reverse("crm:activity", args=[line.pk]),
                when=ui.figures.relative_moment(line.moment),
                badge=str(kinds.get(line.currency, "")),
                late=line.moment < clock.now(),
            )
            for line in lines
        ]

    about = Coalesce("deal__name", "party__name", "lead__name")
    return ui.gathered(ui.Gather(rows, pk="pk", key="subject", note=about, currency="kind", moment="due_at", most=6), make=make)


@ui.tasks("crm.take_lead", order=40)
def leads_nobody_has(user: User) -> Gathered:
    """New leads that wait for somebody."""
    rows = Lead.objects.visible_to(user).filter(status=Lead.Status.NEW, owner__isnull=True).order_by("created_at", "pk")

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                line.key,
                line.note,
                url=reverse("crm:lead", args=[line.pk]),
                when=ui.figures.relative_moment(line.moment),
                badge=_now("Lead"),
                action=_now("Take it"),
            )
            for line in lines
        ]

    return ui.gathered(ui.Gather(rows, pk="pk", key="name", note="company_name", moment="created_at", most=3), make=make)
