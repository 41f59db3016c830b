"""The screens of event records and deliveries."""

import json
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.effects.models import Effect
from core.effects.operations import cancel_effect, retry_effect
from core.events.models import Delivery, Record
from core.files.models import Attachment
from core.people.hiding import payload_for
from core.people.models import User
from core.printing.views import folder_note
from core.web import ui
from integration.console.causes import tree_of
from integration.console.forms import SkipForm
from integration.customer360.timeline import title_of
from integration.delivery import ask_to_skip, is_in_the_books, retry_delivery, skip_delivery
from integration.webhooks.models import Endpoint
from integration.webhooks.operations import resend_message
from integration.webhooks.sending import body_of
from integration.words import handler_in_words, kind_in_words, message_in_words, process_of


def dead(_user: User) -> int:
    """How many deliveries wait for somebody's decision."""
    return Delivery.objects.dead().count()


def in_words(record: Record) -> str:
    """What happened, as the timeline tells it."""
    return title_of(record)


def handler_of(delivery: Delivery) -> str:
    """What the handler does."""
    return handler_in_words(delivery.handler)


def process_of_delivery(delivery: Delivery) -> str:
    """The process it is a step of."""
    return process_of(delivery.handler)


def what_it_reacts_to(delivery: Delivery) -> str:
    """What happened, as the timeline tells it."""
    return title_of(delivery.record)


def event_of(delivery: Delivery) -> list[ui.Item]:
    """The event it reacts to."""
    record = delivery.record
    return [ui.Item(title_of(record), ui.figures.relative_moment(record.occurred_at), url=ui.url_of(record), icon="history")]


def reactions_to(record: Record) -> list[ui.Item]:
    """Who reacted, also those whose delivery has left for the archive."""
    archived = [(row.handler, Delivery.Status.DONE.label, "") for row in record.archived_deliveries.order_by("pk")]
    kept = [(row.handler, row.get_status_display(), ui.url_of(row)) for row in record.deliveries.order_by("pk")]
    return [ui.Item(handler_in_words(handler), process_of(handler), url=url, end=str(state)) for handler, state, url in (*archived, *kept)]


class Deliveries(ui.ListScreen):
    """Who still has to react to what, and what is stuck."""

    model = Delivery
    route = "deliveries"
    title = _("Deliveries of events")
    tip = _(
        "Every event is carried to whoever listens. What failed for good waits here: mend the cause, then retry, or skip it with a reason."
    )
    nav = ui.Nav(pgettext_lazy("events", "Deliveries"), icon="route", order=80, counter=dead, hot=True)
    columns = (
        ui.Text(handler_of, _("Handler"), sort="handler"),
        ui.Text(what_it_reacts_to, _("Because")),
        ui.Text(process_of_delivery, _("Process"), muted=True),
        ui.Status(),
        ui.Number("attempts", _("Attempts"), phone="none"),
        ui.Moment("record.recorded_at", _("Published"), muted=True, phone="amount"),
    )
    more_columns = (
        ui.Text("handler", _("Name in the code"), muted=True),
        ui.Text("record.type", _("Event"), muted=True),
        ui.Text("key", _("Of"), muted=True),
    )
    bulk = ("retry", "skip")
    related = ("record",)
    search = ("handler", "record__type", "key")
    search_hint = _("Handler, event or key")
    segments = (
        ui.Segment("dead", _("Dead"), "dead"),
        ui.Segment("unfinished", _("Unfinished"), "unfinished"),
    )
    order = ("-record_id", "-pk")
    empty = ui.Empty(_("Nothing to carry: every event has reached everybody who listens."), "route")


class DeliveryRecord(ui.RecordScreen):
    """One handler's work on one event."""

    model = Delivery
    route = "deliveries"
    related = ("record__actor", "skipped_by")
    remarks = (ui.Text(process_of_delivery), ui.Moment("record.recorded_at"))
    verbs = (
        ui.Verb(retry_delivery, _("Retry"), primary=True, icon="rotate-ccw", when=lambda row: row.status == Delivery.Status.DEAD),
        ui.Verb(
            skip_delivery,
            _("Skip"),
            form=SkipForm,
            danger=True,
            icon="skip-forward",
            when=lambda row: row.status == Delivery.Status.DEAD and not is_in_the_books(row),
        ),
        ui.Verb(
            ask_to_skip,
            _("Ask to skip"),
            form=SkipForm,
            icon="skip-forward",
            when=lambda row: row.status == Delivery.Status.DEAD and is_in_the_books(row),
            done=_("Somebody else decides."),
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("handler", _("Name in the code")),
                ui.Text("record.type", _("Event")),
                ui.Number("attempts", _("Attempts")),
                ui.Moment("available_at", _("Ready at")),
                ui.Moment("done_at", _("Done at")),
                ui.Person("skipped_by", _("Skipped by")),
                ui.Text("skipped_because", _("Because")),
            )
        ),
        ui.Items(title=_("Because"), items=event_of, place="main"),
        ui.Panel(title=_("Last error"), body="console/_error.html", values=lambda row, _user: {"error": row.last_error}),
        ui.History(title=_("What people decided")),
    )

    def heading(self) -> str:
        """What the handler does."""
        return handler_of(self.record)


def answer_of(effect: Effect) -> str:
    """What the other side said last."""
    return effect.answer


def next_try(effect: Effect) -> datetime | None:
    """When it is tried again; nothing once it has ended."""
    return None if effect.ended_at else effect.due_at


def record_of(effect: Effect) -> list[ui.Item]:
    """The record a message is about."""
    address = ui.url_for(effect.about_kind, effect.about_id) if effect.about_kind else ""
    return (
        [ui.Item(kind_in_words(effect.about_kind), effect.subject if is_mail(effect) else "", url=address, icon="file-text")]
        if address
        else []
    )


def what_is_sent(effect: Effect, user: User) -> dict[str, str]:
    """The body of a webhook, as far as whoever looks may see it."""
    said = json.loads(body_of(effect, Endpoint.objects.select_related("created_by").get(pk=effect.about_id or 0)))
    said["data"] = payload_for(user, said["type"], said["data"])
    return {"payload": json.dumps(said, indent=2, ensure_ascii=False)}


def is_mail(effect: Effect) -> bool:
    """Whether it is an e-mail."""
    return effect.kind == Effect.Kind.MAIL


def is_webhook(effect: Effect) -> bool:
    """Whether it tells another system of an event."""
    return effect.kind == Effect.Kind.WEBHOOK


def enclosures_of(effect: Effect) -> list[ui.Item]:
    """The files that go with it."""
    rows = Attachment.objects.filter(kind="effects.effect", object_id=effect.pk).order_by("pk")
    return [ui.Item(row.name, row.media_type, url=reverse("web:download", args=[row.pk]), icon="paperclip") for row in rows]


class OutgoingMessages(ui.ListScreen):
    """What leaves the house, and what could not."""

    model = Effect
    route = "outgoing"
    title = _("Outgoing messages")
    nav = ui.Nav(_("Outgoing messages"), icon="mail", order=82, counter=lambda _user: Effect.objects.failed().count(), hot=True)
    columns = (
        ui.Text(message_in_words, _("Subject")),
        ui.Text("addressed_to", _("To"), muted=True),
        ui.Status("status", _("State")),
        ui.Text(answer_of, _("Answer"), muted=True),
        ui.Person("requested_by", _("By")),
        ui.Moment("created_at", _("Asked for"), sort="created_at", muted=True),
    )
    related = ("requested_by", "party")
    search = ("idempotency_key", "payload", "party__name", "answer")
    search_hint = _("Address, subject or customer")
    segments = (
        ui.Segment("failed", _("Failed"), "failed"),
        ui.Segment("waiting", _("Waiting"), "unfinished"),
        ui.Segment("sent", _("Sent"), Q(status="sent")),
        ui.Segment("mail", _("E-mails"), Q(kind="mail")),
        ui.Segment("webhooks", _("Webhooks"), Q(kind="webhook")),
    )
    order = ("-pk",)
    empty = ui.Empty(_("E-mails and webhooks stand here, with what the other side said."), "mail")


class OutgoingMessage(ui.RecordScreen):
    """One message: to whom, what it said, and what became of it."""

    model = Effect
    route = "outgoing"
    related = ("requested_by", "party")
    remarks = (ui.Party("party"), ui.Moment("created_at"))
    verbs = (
        ui.Verb(
            retry_effect,
            _("Try again"),
            to=Effect.Status.PENDING,
            when=lambda row: row.status == Effect.Status.FAILED and row.kind == Effect.Kind.MAIL,
            primary=True,
            icon="rotate-ccw",
        ),
        ui.Verb(
            resend_message,
            _("Send once more"),
            slug="resend",
            permission="integration.resend_message",
            when=lambda row: row.kind == Effect.Kind.WEBHOOK and row.ended_at is not None,
            primary=True,
            icon="rotate-ccw",
        ),
        ui.Verb(cancel_effect, _("Call off"), to=Effect.Status.CANCELLED, danger=True, icon="x", confirm=_("It is not sent any more.")),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("addressed_to", _("To")),
                ui.Text("payload.reply_to", _("Answers go to")),
                ui.Text("answer", _("Answer")),
                ui.Number("attempts", _("Attempts")),
                ui.Moment(next_try, _("Next try")),
                ui.Moment("ended_at", _("Ended")),
                ui.Person("requested_by", _("By")),
                ui.Text("payload.message_id", _("Message-ID")),
                ui.Text("payload.id", _("Webhook-ID")),
            )
        ),
        ui.Items(title=_("About"), items=record_of, when=lambda effect: bool(effect.about_kind)),
        ui.Items(title=_("Enclosed"), items=enclosures_of, empty=_("No file."), when=is_mail),
        ui.Panel(title=_("Message"), body="console/_mail.html", values=lambda effect, _user: {"mail": effect.payload}, when=is_mail),
        ui.Table(
            title=_("Attempts"),
            rows=lambda effect: effect.attempts_made.order_by("-pk"),
            when=is_webhook,
            empty=_("Nothing was sent yet."),
            cells=(
                ui.Number("number", _("Attempt")),
                ui.Text(lambda attempt: attempt.outcome, _("Answer")),
                ui.Text("answer", _("It said"), muted=True),
                ui.Number("took_ms", _("Took, in ms")),
                ui.Moment("made_at", _("When"), muted=True),
            ),
        ),
        ui.Panel(
            title=_("What it says"),
            body="console/_payload.html",
            values=what_is_sent,
            when=is_webhook,
        ),
        ui.History(),
    )

    def subheading(self) -> str:
        """Where mail goes, when it does not leave."""
        return folder_note() if is_mail(self.record) else ""


class Records(ui.ListScreen):
    """Everything that happened."""

    model = Record
    route = "records"
    title = _("Events")
    nav = ui.Nav(_("Events"), icon="history", order=81)
    columns = (
        ui.Text(in_words, _("What happened")),
        ui.Party("party", _("About")),
        ui.Person("actor", _("By")),
        ui.Moment("occurred_at", _("When"), muted=True, phone="amount"),
    )
    more_columns = (ui.Text("type", _("Event"), muted=True), ui.Text("key", _("Of"), muted=True))
    related = ("party", "actor")
    search = ("type", "key", "party__name")
    search_hint = _("Event, key or party")
    order = ("-pk",)
    empty = ui.Empty(_("Nothing has happened yet. Whatever somebody does in Satu is written down here."), "history")


class RecordOfEvent(ui.RecordScreen):
    """One event: what it said, why it happened, and who reacted."""

    model = Record
    route = "records"
    related = ("party", "actor")
    remarks = (ui.Party("party"), ui.Moment("occurred_at"), ui.Person("actor"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text("type", _("Event")),
                ui.Number("schema_version", _("Version")),
                ui.Text("key", _("Key")),
                ui.Person("actor", _("By")),
                ui.Moment("recorded_at", _("Recorded")),
            )
        ),
        ui.Items(
            title=_("Who reacted"),
            empty=_("Nobody had to."),
            items=reactions_to,
        ),
        ui.Panel(
            title=_("Why it happened, and what followed"),
            body="console/_tree.html",
            values=lambda record, _user: {"nodes": tree_of(record)},
        ),
        ui.Panel(
            title=_("What it said"),
            body="console/_payload.html",
            values=lambda record, user: {
                "payload": json.dumps(payload_for(user, record.type, record.payload), indent=2, ensure_ascii=False)
            },
        ),
    )

    def heading(self) -> str:
        """What happened."""
        return in_words(self.record)
