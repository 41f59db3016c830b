"""The screens of deals: list, board, record, form."""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Expression, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.catalog.models import Product
from core.catalog.views import stock_hints
from core.parties.models import Contact
from core.people.models import User
from core.web import ui
from core.web.promises import credit_notes, stock_notes
from frontoffice.crm import forms
from frontoffice.crm.models import Activity, Deal, DealLine, Stage
from frontoffice.crm.models.deals import DECIDED_LATELY
from frontoffice.crm.operations import (
    OfferedLine,
    figures_for,
    lose_deal,
    move_deal,
    open_deal,
    reopen_deal,
    update_deal,
    win_deal,
)
from frontoffice.crm.views.activities import LOG, PLAN, TABLE


def sellers() -> list[tuple[int, str]]:
    """The people who own deals."""
    return list(User.objects.filter(deals__isnull=False).distinct().order_by("name").values_list("pk", "name"))


def days_in_stage(deal: Deal) -> int:
    """For how many days a deal has stood where it stands."""
    return (clock.now() - deal.stage_since).days


def stalled(days: int) -> str:
    """The tone of a number of days in a stage."""
    return "warn" if days > Deal.STALLED_AFTER else ""


def is_open(deal: Deal) -> bool:
    """Whether it may still be changed."""
    return deal.is_open


def is_late(deal: Deal) -> bool:
    """Whether it should have been decided by now."""
    return deal.is_open and deal.expected_close_date is not None and deal.expected_close_date < clock.today()


def why_not_won(deal: Deal) -> str:
    """What is missing before it can be won."""
    if deal.party_id is None:
        return _now("Choose the customer first.")
    return "" if deal.lines.all() else _now("Add what the customer buys first.")


class Deals(ui.ListScreen):
    """All deals."""

    model = Deal
    route = "deals"
    title = _("Deals")
    nav = ui.Nav(_("Deals"), icon="handshake", order=30, key="d")
    columns = (
        ui.Text("name", _("Deal"), sort="name"),
        ui.Party("party", _("Customer"), sort="party__name", link=False),
        ui.Status("status", _("Status")),
        ui.Text("stage.name", _("Stage"), sort="stage__position", muted=True),
        ui.Person("owner", _("Owner"), sort="owner__name", edit=ui.Inline(update_deal, forms.DealForm, "owner", when=is_open)),
        ui.Moment("next_due_at", _("Next step"), muted=True),
        ui.Day(
            "expected_close_date",
            _("Expected"),
            sort="expected_close_date",
            late=is_late,
            edit=ui.Inline(update_deal, forms.DealForm, "expected_close_date", when=is_open),
        ),
        ui.Money(
            "amount",
            _("Amount"),
            sort="amount",
            total=True,
            edit=ui.Inline(update_deal, forms.DealForm, "estimate", when=lambda deal: deal.is_open and deal.amount == deal.estimate),
        ),
    )
    more_columns = (
        ui.Percent("stage.probability", _("Probability"), sort="stage__probability"),
        ui.Moment("stage_since", _("In this stage since"), sort="stage_since", muted=True),
        ui.Text("lost_reason", _("Lost because"), muted=True),
        ui.Moment("closed_at", _("Decided"), sort="closed_at", muted=True),
        ui.Moment("created_at", _("Opened"), sort="created_at", muted=True),
    )
    bulk = (
        ui.assign_owner(update_deal, when=is_open),
        ui.Bulk("move", undo=move_deal, remember=("stage",)),
        ui.Bulk("lose", undo=reopen_deal),
        "reopen",
    )
    related = ("party", "stage", "owner")
    search = ("name", "party__name")
    search_hint = _("Deal or customer")
    segments = (
        ui.Segment("open", _("Open"), "open"),
        ui.Segment("stalled", _("Stalled"), "stalled"),
        ui.Segment("won", _("Won"), "won"),
        ui.Segment("lost", _("Lost"), "lost"),
    )
    start_segment = "open"
    filters = (
        ui.Select("owner", _("Anyone"), sellers, icon="user-round"),
        ui.Select("stage", _("Any stage"), ui.choices_of(Stage.objects.order_by("pipeline", "position")), icon="square-kanban"),
        ui.Period("expected_close_date"),
    )
    order = ("-created_at", "-pk")
    create = "crm:deal-new"
    empty = ui.Empty(_("A deal is a sale you work for. Open the first one, or convert a lead."), "handshake")

    def queryset(self) -> QuerySet[Deal]:
        """With the next step of each."""
        return Deal.objects.visible_to(self.user).select_related(*self.related).with_next_step()


WIN = ui.Verb(
    win_deal,
    _("Won"),
    to=Deal.Status.WON,
    primary=True,
    icon="trophy",
    why_not=why_not_won,
    confirm=_("The customer said yes: an order follows."),
    done=_("An order follows within a second."),
)
LOSE = ui.Verb(lose_deal, _("Lost"), form=forms.LoseDealForm, to=Deal.Status.LOST, danger=True, icon="x")


class DealBoard(ui.BoardScreen):
    """Open deals by stage, and what was decided lately."""

    model = Deal
    route = "deals"
    title = _("Pipeline")
    tip = _("Drag a card when a deal moves on, or use its menu. Win a deal and its order is drafted for you.")
    nav = ui.Nav(_("Pipeline"), icon="square-kanban", order=20, key="b")
    lane_field = "stage_id"
    card_title = "name"
    card_note = ui.Party("party", link=False)
    card_foot = (ui.Person("owner"), ui.Day("expected_close_date", late=is_late))
    amount = ui.Money("amount", short=True)
    move = move_deal
    quick = ui.Quick(open_deal, forms.QuickDealForm, lane="stage", label=_("Open deal"))
    related = ("party", "owner", "stage")
    search = ("name", "party__name")
    search_hint = _("Deal or customer")
    filters = (ui.Select("owner", _("Anyone"), sellers, icon="user-round"),)
    order = ("-amount", "-pk")
    create = "crm:deal-new"

    def queryset(self) -> QuerySet[Deal]:
        """The open ones with their next step, and those decided in the last thirty days."""
        coming = Activity.objects.planned().filter(deal=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
        return Deal.objects.visible_to(self.user).on_board().select_related(*self.related).annotate(next_due_at=Subquery(coming))

    def lane_expression(self) -> Expression:
        """The stage of an open deal, the decision of a decided one."""
        return Case(When(status=Deal.Status.OPEN, then=Cast("stage_id", CharField())), default=F("status"), output_field=CharField())

    def lanes(self) -> list[ui.Lane]:
        """The stages, then won and lost, folded."""
        stages = Stage.objects.order_by("pipeline", "position", "pk")
        lately = _now("decided in the last %(days)s days") % {"days": DECIDED_LATELY}
        return [
            *(ui.Lane(str(stage.pk), stage.name, stage, probability=stage.probability) for stage in stages),
            ui.Lane("won", _("Won"), verb=WIN, folded=True, tone="good", note=lately),
            ui.Lane("lost", _("Lost"), verb=LOSE, folded=True, tone="bad", note=lately),
        ]

    def signals(self, record: Any) -> list[ui.Signal]:
        """A deal that stands still says so, and one whose next step is late, due today or missing."""
        days = days_in_stage(record)
        stalled = [ui.Signal(_now("Stalled %(days)s d") % {"days": days})] if days > Deal.STALLED_AFTER else []
        return [*stalled, *next_step(record.next_due_at)]


def next_step(due_at: datetime | None) -> list[ui.Signal]:
    """What a card says about the next step of a deal."""
    if due_at is None:
        return [ui.Signal(_now("No next step"), "")]
    if due_at < clock.now():
        return [ui.Signal(_now("Next step due %(when)s") % {"when": ui.figures.relative_moment(due_at)}, "bad")]
    if timezone.localtime(due_at).date() == clock.here():
        return [ui.Signal(_now("Next step today"), "info")]
    return []


class DealRecord(ui.RecordScreen):
    """One deal: what is offered, what was done, and what comes next."""

    model = Deal
    route = "deals"
    related = ("party", "contact__person", "stage", "owner", "lost_reason")
    edit = "crm:deal-edit"
    remarks = (ui.Party("party"), ui.Text("stage.name"), ui.Money("amount"), ui.Day("expected_close_date"))
    verbs = (
        WIN,
        ui.Verb(
            move_deal,
            _("Move"),
            form=forms.MoveForm,
            when=lambda deal: deal.is_open,
            icon="square-kanban",
            initial=lambda deal: {"stage": deal.stage_id},
        ),
        LOG,
        PLAN,
        LOSE,
        ui.Verb(reopen_deal, _("Reopen"), to=Deal.Status.OPEN, icon="rotate-ccw"),
    )
    counts = (
        ui.Count(_("Next steps"), number=lambda deal: deal.open_steps, icon="calendar-check"),
        ui.Count(_("Days in this stage"), number=days_in_stage, when=lambda deal: deal.is_open, icon="hourglass", tone=stalled),
        ui.Count(
            _("Weighted"),
            number=lambda deal: ui.figures.short_money(deal.amount * deal.stage.probability, ui.currency()),
            when=lambda deal: deal.is_open,
            icon="scale",
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Party("party", _("Customer")),
                ui.Party("contact.person", _("Contact")),
                ui.Person("owner", _("Owner")),
                ui.Text("stage.name", _("Stage")),
                ui.Percent("stage.probability", _("Probability")),
                ui.Moment("stage_since", _("In this stage since")),
                ui.Day("expected_close_date", _("Expected to close")),
                ui.Money("estimate", _("Estimate")),
                ui.Moment("closed_at", _("Decided")),
                ui.Text("lost_reason", _("Lost because")),
                ui.Text("lost_note", _("Remark")),
            )
        ),
        ui.Panel(
            title=_("Can we deliver?"),
            place="side",
            body="crm/promises.html",
            values=lambda deal, _user: {"notes": promises(deal)},
            when=lambda deal: deal.is_open and deal.party_id is not None,
        ),
        ui.Related(),
        ui.Files(),
        ui.Lines(
            title=_("Lines"),
            rows=lambda deal: deal.lines.all(),
            empty=_("Nothing is offered yet. Edit the deal to add lines."),
            cells=(
                ui.Text("description", _("Product")),
                ui.Quantity("quantity", _("Quantity"), unit="product.unit.code", phone="sub"),
                ui.Money("unit_price", _("Unit price"), currency=lambda _line: ui.currency()),
                ui.Percent("discount", _("Discount")),
                ui.Money("amount", _("Amount"), currency=lambda _line: ui.currency()),
            ),
            totals=(ui.Money("amount", _("Amount")),),
        ),
        ui.Facts(title=_("Note"), place="main", cells=(ui.Text("note", ""),), when=lambda deal: bool(deal.note)),
        TABLE,
        ui.Timeline(),
        ui.History(),
    )

    def queryset(self) -> QuerySet[Deal]:
        """With the lines."""
        lines = DealLine.objects.select_related("product__unit")
        rows: QuerySet[Deal] = super().queryset().annotate(open_steps=Count("activities", filter=Q(activities__done_at=None)))
        return rows.prefetch_related(Prefetch("lines", lines))

    def edit_url(self) -> str:
        """Only an open deal is edited."""
        return super().edit_url() if self.record.is_open else ""


class DealFormScreen(ui.FormScreen):
    """What opening and editing a deal show while somebody types: amounts, stock and credit."""

    model = Deal
    route = "deals"
    grid = ui.Grid(forms.OfferedLineForm, make=OfferedLine, total=_("Amount"), least=0)
    wide = ("note",)

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """What the lines come to, whether they can be promised, and whether the customer is good for it."""
        party = data.get("party")
        figures = figures_for([OfferedLine(**row) for _number, row in lines], party=party)
        currency = ui.currency()
        return ui.Preview(
            lines={number: ui.figures.money(amount, currency) for (number, _row), amount in zip(lines, figures.amounts, strict=True)},
            totals=[(_("Amount"), ui.figures.money(figures.amount, currency))],
            notes=[
                *stock_notes((row["product"], row["quantity"]) for _number, row in lines if row.get("product")),
                *credit_notes(party.pk if party else None, figures.amount),
            ],
        )


class NewDeal(DealFormScreen, ui.CreateScreen):
    """Open a deal."""

    form_class = forms.NewDealForm
    operation = open_deal


class EditDeal(DealFormScreen, ui.EditScreen):
    """Change an open deal and its lines."""

    form_class = forms.DealForm
    operation = update_deal
    related = ("party", "contact__person", "contact__company", "owner")

    def initial_lines(self) -> list[dict[str, Any]]:
        """The lines as they are."""
        return [forms.line_as_typed(line) for line in self.record.lines.select_related("product__unit")]


def promises(deal: Deal) -> list[ui.Note]:
    """Stock and credit for an open deal, as they stand now."""
    wanted = [(line.product, line.quantity) for line in deal.lines.all() if line.product is not None]
    return [*stock_notes(wanted), *credit_notes(deal.party_id, deal.amount)]


ui.provide_lookup(
    ui.Lookup(
        "crm.contact",
        rows=lambda: Contact.objects.select_related("person", "company"),
        search=("person__name", "company__name"),
        permission="parties.view_contact",
        label=lambda contact: contact.person.name,
        note=lambda contact: " · ".join(filter(None, (contact.job_title, contact.company.name))),
        order="person__name",
    )
)
ui.provide_lookup(
    ui.Lookup(
        "crm.product",
        rows=lambda: Product.objects.active().select_related("unit"),
        search=("name", "sku"),
        permission="catalog.view_product",
        note=lambda product: product.sku,
        hint=stock_hints,
        fill=lambda product: {"description": product.name},
    )
)
