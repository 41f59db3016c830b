"""The screens of figures that do not follow from their source."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.events.cause import current_cause
from core.once import once
from core.people.visibility import seen_now
from core.web import markup, ui
from core.web.registry import record_screen
from integration.customer360.stories import ID_FIELDS
from integration.models import Drift
from integration.words import kind_in_words, row_in_words, rule_in_words

NUMBERS = "numbers have no gaps"
"""The rule that names a sequence and its year instead of a record."""


class Figure(ui.Number):
    """A figure that is written out already, in its column."""

    def html(self, row: object) -> SafeString:
        """The figure."""
        return format_html('<span class="num">{}</span>', self.value(row)) if self.value(row) else markup.EMPTY


def rule_of(drift: Drift) -> str:
    """What must always hold."""
    return rule_in_words(drift.rule)


def row_of(drift: Drift) -> str:
    """The row it was found at."""
    return row_in_words(drift.row)


def state_of(drift: Drift) -> str:
    """Whether it still does not follow."""
    return gettext("Standing") if drift.cleared_at is None else gettext("Gone")


def state_pill(drift: Drift) -> SafeString:
    """The same, as a pill."""
    return markup.pill(state_of(drift), "bad" if drift.cleared_at is None else "good")


def figure(said: str) -> str:
    """A figure as people here write it; one that was added up keeps its parts (1.250 + 125)."""
    parts = _parts(said)
    return said if parts is None else " + ".join(ui.figures.quantity(part) for part in parts)


def expected(drift: Drift) -> str:
    """What follows from the source."""
    return figure(drift.expected)


def actual(drift: Drift) -> str:
    """What the row says."""
    return figure(drift.actual)


def difference(drift: Drift) -> str:
    """By how much the row says too much or too little."""
    says, follows = _parts(drift.actual), _parts(drift.expected)
    if says is None or follows is None:
        return ""
    off = sum(says) - sum(follows)
    return f"{'+' if off > 0 else ''}{ui.figures.quantity(off)}"


def _parts(said: str) -> list[Decimal] | None:
    try:
        return [Decimal(part) for part in said.split(" + ")]
    except InvalidOperation:
        return None


def record_of(drift: Drift) -> Model | None:
    """The record whose page tells of the row, as far as whoever looks may see it: an order line is told by its order."""
    return once(("record of drift", drift.pk), lambda: _record_of(drift))


def _record_of(drift: Drift) -> Model | None:
    kind, _space, which = drift.row.partition(" ")
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    if drift.rule == NUMBERS and which.isdigit():
        return None
    fields = {field.name: field for field in model._meta.concrete_fields}
    named = "pk" if which.isdigit() else next((name for name in ("number", "purpose") if name in fields), "")
    row = model._default_manager.filter(**{named: which}).first() if named else None
    if row is None:
        return None
    pages = [row, *(getattr(row, name) for name, field in fields.items() if isinstance(field, ForeignKey))]
    return next((_seen(record) for record in pages if record is not None and ui.url_of(record)), None)


def _seen(record: Model) -> Model | None:
    """The record, if it is within the reach of whoever looks."""
    person, screen = current_cause().actor, record_screen(record._meta.label_lower)
    if person is None or screen is None or not screen.may_open(person):
        return None
    rows: QuerySet[Any] = record.__class__._default_manager.filter(pk=record.pk)
    return record if seen_now(rows).exists() else None


def is_of_a_record(drift: Drift) -> bool:
    """Whether there is one to look at."""
    return record_of(drift) is not None


def is_told(drift: Drift) -> bool:
    """Whether events tell of that record."""
    record = record_of(drift)
    return record is not None and record._meta.label_lower in {"parties.party", *ID_FIELDS}


def name_of(record: Model) -> str:
    """What people call a record; stock by what it is and where it lies."""
    parts = [getattr(record, part, None) for part in ("product", "location")]
    return " · ".join(str(part) for part in parts) if all(parts) else str(record)


def record_named(drift: Drift) -> list[ui.Item]:
    """That record, to go on to."""
    record = record_of(drift)
    if record is None:
        return []
    kind = kind_in_words(record._meta.label_lower)
    return [ui.Item(name_of(record), kind, url=ui.url_of(record), icon="file-text")]


def said(drift: Drift) -> str:
    """What the check found where it is no figure."""
    return "" if drift.expected else drift.message


def party_of(record: Model) -> int | None:
    """The party whose story tells of a record."""
    found: int | None = getattr(record, "customer_id", None) or getattr(record, "party_id", None)
    return record.pk if record._meta.label_lower == "parties.party" else found


def found_before(drift: Drift) -> QuerySet[Drift]:
    """When the same figure drifted before, or again since."""
    return Drift.objects.filter(rule=drift.rule, row=drift.row).exclude(pk=drift.pk).order_by("-pk")


class Drifts(ui.ListScreen):
    """What the reconciler found."""

    model = Drift
    route = "drift"
    name = "drifts"
    title = _("Drift")
    tip = _(
        "Every hour each derived figure is computed again from its source. What differs stands here until it is gone; nothing is repaired."
    )
    nav = ui.Nav(_("Drift"), icon="scale", order=85, counter=lambda _user: Drift.objects.standing().count(), hot=True)
    columns = (
        ui.Text(row_of, _("Row"), sort="row"),
        ui.Custom(state_of, _("State"), draw=state_pill, phone="state"),
        ui.Text(rule_of, _("Rule"), phone="sub"),
        Figure(expected, _("Follows from the source"), phone="none"),
        Figure(actual, _("Says"), phone="amount"),
        ui.Moment("found_at", _("Found"), sort="found_at", muted=True),
    )
    more_columns = (
        ui.Moment("cleared_at", _("Gone"), muted=True),
        ui.Text("message", _("In the words of the check"), muted=True),
        ui.Text("rule", _("Name in the code"), muted=True),
        ui.Moment("seen_at", _("Last seen"), muted=True),
    )
    search = ("row", "rule", "message")
    search_hint = _("Row or rule")
    segments = (ui.Segment("standing", _("Standing"), "standing"),)
    order = ("-pk",)
    empty = ui.Empty(_("Every figure follows from its source."), "scale")


class DriftRecord(ui.RecordScreen):
    """One finding: which figure of which record, what it should be, since when, and what happened around it."""

    model = Drift
    route = "drift"
    tip = _(
        "Find who wrote the figure: the changes below name everybody, also who changed the database by hand. Put it right with an ordinary "
        "step, such as an adjustment, a credit note or a reversing entry. The next look, within the hour, marks it as gone."
    )
    status = ui.Custom(state_of, draw=state_pill)
    remarks = (ui.Text(rule_of), ui.Moment("found_at"))
    sections = (
        ui.Facts(
            title=_("The figure"),
            cells=(
                ui.Text(rule_of, _("What must hold")),
                Figure(expected, _("Follows from the source")),
                Figure(actual, _("Says")),
                Figure(difference, _("Difference")),
                ui.Moment("found_at", _("Found")),
                ui.Moment("seen_at", _("Last seen")),
                ui.Moment("cleared_at", _("Gone")),
                ui.Text(said, _("In the words of the check")),
                ui.Text("row", _("Name in the code")),
            ),
        ),
        ui.Items(
            title=_("The record"),
            items=record_named,
            empty=_("It belongs to no single record, or to one that you may not see."),
        ),
        ui.Table(
            title=_("The same figure, other times"),
            rows=found_before,
            linked=True,
            when=lambda drift: found_before(drift).exists(),
            cells=(
                ui.Moment("found_at", _("Found")),
                Figure(expected, _("Follows from the source")),
                Figure(actual, _("Says")),
                ui.Moment("cleared_at", _("Gone"), muted=True),
            ),
        ),
        ui.Timeline(title=_("What happened around it"), of=record_of, party=party_of, writes=False, when=is_told),
        ui.History(title=_("Changes of the record"), tab="", of=record_of, when=is_of_a_record),
    )

    def heading(self) -> str:
        """Whose figure it is: the record, or what is one of its rows."""
        record = record_of(self.record)
        if record is None:
            return row_of(self.record)
        kind = self.record.row.partition(" ")[0]
        own = record._meta.label_lower == kind
        return f"{kind_in_words(kind)} {name_of(record)}" if own else f"{row_of(self.record)} · {name_of(record)}"

    def links(self) -> list[ui.Action]:
        """On to the record, where it is put right."""
        record = record_of(self.record)
        return [ui.Action(_("Open the record"), ui.url_of(record), "arrow-right", primary=True)] if record is not None else []
