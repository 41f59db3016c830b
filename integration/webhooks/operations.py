"""What is done with webhook endpoints: made, changed, switched, given another secret, tried out; and one message sent once more."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.effects.models import Effect
from core.effects.operations import request_effect, wake
from core.errors import Refused
from core.events import Event
from core.people.hiding import hidden_facts
from core.people.models import User
from core.sealing import seal
from integration.webhooks import signing
from integration.webhooks.addresses import NotAllowed, target_of
from integration.webhooks.models import Endpoint, EndpointSecret
from integration.webhooks.subscribing import message_id

OVERLAP = timedelta(hours=24)
"""How long the old secret goes on signing beside the new one."""

TEST = "webhooks.Test"
"""The type of a test message; no event of ours is called so."""


class BadUrl(Refused):
    """No webhook goes to this address."""


class UnknownEventType(Refused):
    """An endpoint asks for an event that no module says."""


class BadConditions(Refused):
    """Conditions name facts and the values they must have."""


class MoreThanYouSee(Refused):
    """Nobody has told elsewhere what is hidden from them."""

    status = 403


class BadSigningSecret(Refused):
    """The secret is none as Standard Webhooks lays down."""


class NameMissing(Refused):
    """An endpoint has a name."""


class ReasonMissing(Refused):
    """Whoever switches an endpoint off says why."""


class EndpointOff(Refused):
    """An endpoint that is switched off is told nothing."""


class StillOnItsWay(Refused):
    """What has not ended yet is not sent once more."""


def create_endpoint(
    *, name: str, url: str, event_types: Sequence[str], secret: str, conditions: dict[str, Any] | None = None, by: User
) -> Endpoint:
    """Tell another system of events from now on. It checks the signature with ``secret``, which nobody is shown again."""
    heard, narrowed = _types(event_types), _conditions(conditions or {})
    _must_see(heard, narrowed, by)
    known: dict[str, Any] = {"name": _name(name), "url": _url(url), "event_types": heard, "conditions": narrowed}
    sealed = sealed_secret(secret)
    with locked(by=by):
        endpoint = Endpoint.objects.create(created_by=by, **known)
        EndpointSecret.objects.create(endpoint=endpoint, sealed=sealed)
    return endpoint


def change_endpoint(
    endpoint: Endpoint,
    *,
    name: str | None = None,
    url: str | None = None,
    event_types: Sequence[str] | None = None,
    conditions: dict[str, Any] | None = None,
    by: User,
) -> Endpoint:
    """Tell it elsewhere, or of other events, from now on; what is not said stays. What waits goes to the new address."""
    said: dict[str, Any] = {
        "name": None if name is None else _name(name),
        "url": None if url is None else _url(url),
        "event_types": None if event_types is None else _types(event_types),
        "conditions": None if conditions is None else _conditions(conditions),
    }
    with locked(endpoint, by=by) as endpoint:
        changed = {field: value for field, value in said.items() if value is not None}
        _must_see(changed.get("event_types", endpoint.event_types), changed.get("conditions", endpoint.conditions), by, endpoint.created_by)
        for field, value in changed.items():
            setattr(endpoint, field, value)
        endpoint.save(update_fields=list(changed))
    return endpoint


def enable_endpoint(endpoint: Endpoint, *, by: User) -> Endpoint:
    """Tell it again, from now on; what waited since it was switched off goes out, too."""
    with locked(endpoint, by=by) as endpoint:
        endpoint.move_to(Endpoint.Status.ENABLED, disabled_because="", failures=0, failing_since=None, rests_until=None)
        wake(Effect.Kind.WEBHOOK)
    return endpoint


def disable_endpoint(endpoint: Endpoint, *, reason: str, by: User) -> Endpoint:
    """Tell it nothing more: what has not left yet waits, and of what happens meanwhile it is not told."""
    if not reason.strip():
        raise ReasonMissing(_("Say why this endpoint is switched off."), field="reason")
    with locked(endpoint, by=by) as endpoint:
        endpoint.move_to(Endpoint.Status.DISABLED, disabled_because=reason.strip())
    return endpoint


def rotate_secret(endpoint: Endpoint, *, secret: str, at_once: bool = False, by: User) -> Endpoint:
    """Sign with another secret. The old one signs beside it for a day, unless ``at_once``: then it has leaked."""
    sealed = sealed_secret(secret)
    with locked(endpoint, by=by) as endpoint:
        now = clock.now()
        endpoint.secrets.filter(expires_at__lte=now).delete()
        if at_once:
            endpoint.secrets.all().delete()
        endpoint.secrets.filter(expires_at=None).update(expires_at=now + OVERLAP)
        EndpointSecret.objects.create(endpoint=endpoint, sealed=sealed, created_at=now)
        endpoint.secret_changed_at = now
        endpoint.save(update_fields=["secret_changed_at"])
    return endpoint


def send_test(endpoint: Endpoint, *, by: User) -> Effect:
    """Send it a message that tells of nothing, to see whether it arrives."""
    with locked(endpoint, by=by) as endpoint:
        _must_be_on(endpoint)
        unique = uuid4()
        said = {
            "id": str(unique),
            "type": TEST,
            "version": 1,
            "occurred_at": clock.now().isoformat(),
            "key": str(endpoint.pk),
            "sequence": None,
            "correlation_id": str(unique),
            "causation_id": None,
            "data": {"endpoint": endpoint.name},
        }
        payload = {"subject": TEST, "to": [endpoint.url], "envelope": said, "id": message_id(unique.hex)}
        return request_effect(Effect.Kind.WEBHOOK, payload, key=f"webhook:{endpoint.pk}:{unique}", about=endpoint, by=by)


def resend_message(effect: Effect, *, by: User) -> Effect:
    """Send a webhook once more, with the same id: whoever has had it knows it by that."""
    with locked(Endpoint.objects.filter(pk=effect.about_id or 0), effect, by=by) as ([endpoint], effect):
        _must_be_on(endpoint)
        if effect.ended_at is None:
            raise StillOnItsWay(_("It is %(status)s.") % {"status": effect.get_status_display().lower()})
        effect.move_to(Effect.Status.PENDING, attempts=0, due_at=clock.now(), ended_at=None)
        wake(Effect.Kind.WEBHOOK)
    return effect


def _name(name: str) -> str:
    if not name.strip():
        raise NameMissing(_("Give it a name."), field="name")
    return name.strip()


def _url(url: str) -> str:
    try:
        target_of(url.strip())
    except NotAllowed as error:
        raise BadUrl(str(error), field="url") from error
    return url.strip()


def _types(patterns: Sequence[str]) -> list[str]:
    """Names of events, ``module.*`` or ``*``, each once."""
    wanted = list(dict.fromkeys(pattern.strip() for pattern in patterns if pattern.strip()))
    known = {"*", *Event.registry, *(f"{name.partition('.')[0]}.*" for name in Event.registry)}
    if not wanted:
        raise UnknownEventType(_("Name at least one event."), field="event_types")
    for pattern in wanted:
        if pattern not in known:
            near = get_close_matches(pattern, known, n=1)
            fix = _("Did you mean %(name)s?") % {"name": near[0]} if near else ""
            raise UnknownEventType(_("There is no event %(name)s.") % {"name": pattern}, fix=fix, field="event_types")
    return wanted


def _conditions(given: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadConditions(_('Write the facts and their values like {"currency": "IDR"}.'), field="conditions")
    return given


def _must_see(patterns: Sequence[str], conditions: Mapping[str, Any], by: User, told_by: User | None = None) -> None:
    """What an endpoint hears is what whoever set it up may see (``told_by``): nobody who sees less turns it elsewhere, or asks by what they
    do not see."""
    heard = [name for name in Event.registry if {name, f"{name.partition('.')[0]}.*", "*"} & set(patterns)]
    hidden = {name: hidden_facts(by, name) for name in heard}
    if any(conditions.keys() & facts for facts in hidden.values()):
        raise BadConditions(_("One of these facts is hidden from you."), field="conditions")
    if told_by is not None and any(facts - hidden_facts(told_by, name) for name, facts in hidden.items()):
        raise MoreThanYouSee(
            _("It tells of what is hidden from you."), fix=_("Ask %(name)s, who set it up, to change it.") % {"name": told_by.name}
        )


def sealed_secret(secret: str) -> str:
    """A secret as it is kept; raises BadSigningSecret."""
    try:
        signing.key_of(secret.strip())
    except signing.BadSecret as error:
        raise BadSigningSecret(_("A secret is whsec_ and 24 to 64 bytes in Base64."), field="secret") from error
    return seal(secret.strip())


def _must_be_on(endpoint: Endpoint) -> None:
    if endpoint.status != Endpoint.Status.ENABLED:
        raise EndpointOff(_("%(name)s is switched off.") % {"name": endpoint.name}, fix=_("Enable it first."))
