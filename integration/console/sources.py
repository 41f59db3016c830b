"""The screens of webhook sources and of everything they sent."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.events.models import Delivery
from core.web import ui
from integration.console.forms import NewSourceForm, SecretForm
from integration.inbound.models import ReceivedWebhook, Source
from integration.inbound.operations import change_source_secret, create_source, disable_source, enable_source, retry_received
from integration.webhooks.signing import new_secret
from integration.words import kind_in_words


def action_of(source: Source) -> str:
    """What its messages become."""
    return source.get_action_display()


def result_of(received: ReceivedWebhook) -> str:
    """What it became, or that it was refused, or that nothing has become of it yet; needs ``with_refusals``."""
    if received.handled_at:
        return kind_in_words(received.result_kind)
    return _now("Refused") if getattr(received, "is_refused", False) else _now("Not done yet")


def delivery_of(received: ReceivedWebhook) -> Delivery | None:
    """The work on it, while the queue knows it."""
    return Delivery.objects.filter(record=received.record_id or 0).first()


def became(received: ReceivedWebhook) -> list[ui.Item]:
    """What it became, and the work on it."""
    items = []
    if received.result_kind and received.result_id:
        url = ui.url_for(received.result_kind, received.result_id)
        items.append(ui.Item(kind_in_words(received.result_kind), url=url, icon="file-text"))
    delivery = delivery_of(received)
    if delivery is not None:
        items.append(ui.Item(_("Delivery"), str(delivery.get_status_display()), url=ui.url_of(delivery), icon="route"))
    return items


def is_stuck(received: ReceivedWebhook) -> bool:
    """Whether it was refused."""
    delivery = delivery_of(received)
    return delivery is not None and delivery.status == Delivery.Status.DEAD


def raw(received: ReceivedWebhook, _user: object) -> dict[str, Any]:
    """Head and body, as they came."""
    head = "\n".join(f"{name}: {value}" for name, value in received.headers.items())
    return {"payload": f"{head}\n\n{received.body}"}


def trouble(received: ReceivedWebhook, _user: object) -> dict[str, Any]:
    """Why it was refused."""
    delivery = delivery_of(received)
    return {"error": delivery.last_error if delivery else ""}


class Sources(ui.ListScreen):
    """Whose webhooks we take."""

    model = Source
    route = "sources"
    title = _("Webhooks in")
    tip = _("Other people's systems tell us something: signed, taken once, done as a user of their own who may do that one thing.")
    nav = ui.Nav(_("Webhooks in"), icon="log-in", order=90)
    columns = (
        ui.Text("name", _("Name"), sort="name"),
        ui.Text(action_of, _("What it becomes"), sort="action"),
        ui.Text("path", _("Posts to"), muted=True),
        ui.Status(),
        ui.Moment("created_at", _("Since"), sort="created_at", muted=True),
    )
    search = ("name",)
    search_hint = _("Name")
    order = ("-pk",)
    create = "console:source-new"
    create_label = _("Add a source")
    empty = ui.Empty(_("No other system tells us anything yet. A web form may bring leads, a bank payments."), "log-in")


class SourceRecord(ui.RecordScreen):
    """One source: where it posts to, and what it sent."""

    model = Source
    route = "sources"
    related = ("created_by", "acts_as")
    remarks = (ui.Text(action_of),)
    verbs = (
        ui.Verb(enable_source, _("Enable"), to=Source.Status.ENABLED, icon="circle-play", primary=True),
        ui.Verb(
            change_source_secret,
            _("Change the secret"),
            form=SecretForm,
            slug="change-secret",
            icon="key-round",
            initial=lambda _row: {"secret": new_secret()},
        ),
        ui.Verb(
            disable_source,
            _("Disable"),
            to=Source.Status.DISABLED,
            danger=True,
            icon="circle-pause",
            confirm=_("Its messages are refused from now on."),
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("path", _("Posts to")),
                ui.Text(action_of, _("What it becomes")),
                ui.Person("acts_as", _("Acts as")),
                ui.Moment("secret_changed_at", _("Secret changed")),
                ui.Person("created_by", _("By")),
            )
        ),
        ui.Table(
            title=_("Received"),
            rows=lambda source: source.received.with_refusals().order_by("-pk"),
            linked=True,
            limit=20,
            empty=_("It has not sent anything yet."),
            cells=(
                ui.Text("webhook_id", _("Webhook-ID")),
                ui.Text(result_of, _("Became")),
                ui.Moment("received_at", _("Received"), muted=True),
            ),
        ),
        ui.History(),
    )


class NewSource(ui.CreateScreen):
    """Let another system tell us something."""

    model = Source
    route = "sources"
    title = _("Add a source")
    form_class = NewSourceForm
    operation = create_source
    submit = _("Add")
    wide = ("secret",)

    def initial(self) -> dict[str, Any]:
        """With a secret to copy."""
        return {"secret": new_secret(), **super().initial()}


class Received(ui.ListScreen):
    """Everything that came in."""

    model = ReceivedWebhook
    route = "received"
    title = _("Received webhooks")
    nav = ui.Nav(_("Received webhooks"), icon="inbox", order=92, counter=lambda _user: ReceivedWebhook.objects.stuck().count(), hot=True)
    columns = (
        ui.Text("webhook_id", _("Webhook-ID")),
        ui.Text("source.name", _("Source")),
        ui.Text(result_of, _("Became"), phone="state"),
        ui.Moment("received_at", _("Received"), muted=True, phone="amount"),
    )
    related = ("source",)
    search = ("webhook_id", "source__name", "body")
    search_hint = _("ID, source or words of the body")
    segments = (ui.Segment("stuck", _("Refused"), "stuck"), ui.Segment("open", _("Not done yet"), "open"))
    order = ("-pk",)
    empty = ui.Empty(_("What other people's systems tell us stands here, as it came."), "inbox")

    def queryset(self) -> QuerySet[ReceivedWebhook]:
        """With whether they were refused."""
        return ReceivedWebhook.objects.select_related(*self.related).with_refusals()


class ReceivedRecord(ui.RecordScreen):
    """One message: as it came, and what it became."""

    model = ReceivedWebhook
    route = "received"
    status = None
    related = ("source",)
    remarks = (ui.Text("source.name"), ui.Moment("received_at"))
    verbs = (
        ui.Verb(
            retry_received, _("Try again"), slug="retry", permission="events.retry_delivery", when=is_stuck, primary=True, icon="rotate-ccw"
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("source.name", _("Source")),
                ui.Text(result_of, _("Became")),
                ui.Moment("received_at", _("Received")),
                ui.Moment("handled_at", _("Done")),
            )
        ),
        ui.Items(title=_("What became of it"), items=became),
        ui.Panel(title=_("Last error"), body="console/_error.html", values=trouble, when=is_stuck),
        ui.Panel(title=_("As it came"), body="console/_payload.html", values=raw),
    )

    def queryset(self) -> QuerySet[ReceivedWebhook]:
        """With whether they were refused."""
        return ReceivedWebhook.objects.select_related(*self.related).with_refusals()
