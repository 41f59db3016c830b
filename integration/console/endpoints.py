"""The screens of webhook endpoints: who outside is told of what, and what they answered."""

import json
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.effects.models import Effect
from core.web import ui
from integration.console.forms import DisableForm, EndpointForm, NewEndpointForm, SecretForm
from integration.webhooks.models import Attempt, Endpoint
from integration.webhooks.operations import change_endpoint, create_endpoint, disable_endpoint, enable_endpoint, rotate_secret, send_test
from integration.webhooks.signing import new_secret
from integration.words import message_in_words


def events_of(endpoint: Endpoint) -> str:
    """What it hears of."""
    return ", ".join(endpoint.event_types)


def conditions_of(endpoint: Endpoint) -> str:
    """Under which condition."""
    return json.dumps(endpoint.conditions, ensure_ascii=False) if endpoint.conditions else ""


def why_off(endpoint: Endpoint) -> str:
    """Why it is told nothing: a person's words, or the house's own."""
    return gettext(endpoint.disabled_because) if endpoint.disabled_because else ""


def failures_of(endpoint: Endpoint) -> int | None:
    """Failures in a row, when there are any."""
    return endpoint.failures or None


def messages_to(endpoint: Endpoint) -> Any:
    """What it was told last."""
    return Effect.objects.filter(about_kind="integration.endpoint", about_id=endpoint.pk).order_by("-pk")


def answer_of(effect: Effect) -> str:
    """What it said last."""
    return effect.answer


def outcome_of(attempt: Attempt) -> str:
    """A status, or the trouble there was."""
    return attempt.outcome


class Endpoints(ui.ListScreen):
    """Whom we tell of events."""

    model = Endpoint
    route = "endpoints"
    title = _("Webhooks out")
    tip = _("Other people's systems hear of events the moment they happen: signed, tried again for a day, every answer kept.")
    nav = ui.Nav(_("Webhooks out"), icon="webhook", order=88, counter=lambda _user: Endpoint.objects.troubled().count(), hot=True)
    columns = (
        ui.Text("name", _("Name"), sort="name"),
        ui.Text(events_of, _("Events")),
        ui.Text("url", _("URL"), muted=True),
        ui.Status(),
        ui.Number(failures_of, _("Failures in a row")),
        ui.Moment("created_at", _("Since"), sort="created_at", muted=True),
    )
    search = ("name", "url")
    search_hint = _("Name or URL")
    segments = (ui.Segment("troubled", _("In trouble"), "troubled"),)
    order = ("-pk",)
    create = "console:endpoint-new"
    create_label = _("Add an endpoint")
    empty = ui.Empty(_("No other system is told of events yet. Name one, and what it wants to hear of."), "webhook")


class EndpointRecord(ui.RecordScreen):
    """One endpoint: what it is told, and how it answers."""

    model = Endpoint
    route = "endpoints"
    related = ("created_by",)
    edit = "console:endpoint-edit"
    remarks = (ui.Text(events_of),)
    verbs = (
        ui.Verb(
            send_test,
            _("Send a test message"),
            icon="send",
            primary=True,
            when=lambda row: row.status == Endpoint.Status.ENABLED,
        ),
        ui.Verb(enable_endpoint, _("Enable"), to=Endpoint.Status.ENABLED, icon="circle-play", primary=True),
        ui.Verb(rotate_secret, _("Change the secret"), form=SecretForm, icon="key-round", initial=lambda _row: {"secret": new_secret()}),
        ui.Verb(disable_endpoint, _("Disable"), to=Endpoint.Status.DISABLED, form=DisableForm, danger=True, icon="circle-pause"),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("url", _("URL")),
                ui.Text(events_of, _("Events")),
                ui.Text(conditions_of, _("Only with")),
                ui.Text(why_off, _("Why it is off")),
                ui.Moment("failing_since", _("Failing since")),
                ui.Number(failures_of, _("Failures in a row")),
                ui.Moment("rests_until", _("Rests until")),
                ui.Moment("secret_changed_at", _("Secret changed")),
                ui.Person("created_by", _("By")),
            )
        ),
        ui.Table(
            title=_("Messages"),
            rows=messages_to,
            linked=True,
            limit=20,
            empty=_("It has not been told anything yet."),
            cells=(
                ui.Text(message_in_words, _("Message")),
                ui.Status("status", _("State")),
                ui.Number("attempts", _("Attempts"), phone="none"),
                ui.Text(answer_of, _("Answer"), muted=True),
                ui.Moment("created_at", _("Asked for"), muted=True),
            ),
        ),
        ui.Table(
            title=_("Attempts"),
            rows=lambda endpoint: endpoint.attempts.select_related("effect").order_by("-pk"),
            limit=20,
            empty=_("Nothing was sent yet."),
            cells=(
                ui.Text(lambda attempt: message_in_words(attempt.effect), _("Message")),
                ui.Text(outcome_of, _("Answer")),
                ui.Number("took_ms", _("Took, in ms"), phone="none"),
                ui.Moment("made_at", _("When"), muted=True),
            ),
        ),
        ui.History(),
    )


class NewEndpoint(ui.CreateScreen):
    """Tell another system of events."""

    model = Endpoint
    route = "endpoints"
    title = _("Add an endpoint")
    form_class = NewEndpointForm
    operation = create_endpoint
    submit = _("Add")
    wide = ("url", "event_types", "conditions", "secret")

    def initial(self) -> dict[str, Any]:
        """With a secret to copy."""
        return {"secret": new_secret(), **super().initial()}


class EditEndpoint(ui.EditScreen):
    """Where an endpoint is, and what it is told."""

    model = Endpoint
    route = "endpoints"
    form_class = EndpointForm
    operation = change_endpoint
