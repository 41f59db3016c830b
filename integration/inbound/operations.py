"""What is done with sources and what they send: let in, switched, received once, acted on."""

from uuid import uuid4

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.models import Delivery
from core.events.publishing import publish
from core.people.models import User
from core.sealing import unseal
from integration.delivery import retry_delivery
from integration.events import WebhookReceived
from integration.inbound.actions import NEEDED, act
from integration.inbound.models import ReceivedWebhook, Source, SourceSecret
from integration.webhooks.operations import OVERLAP, NameMissing, sealed_secret


class MayNot(Refused):
    """The source's user has lost the right to do what the source is for."""


class NothingToRetry(Refused):
    """Only what was refused is tried again."""


def create_source(*, name: str, action: str, secret: str, by: User) -> Source:
    """Let another system tell us something. A user of its own is made for it, who may do that one thing and cannot sign in."""
    if not name.strip():
        raise NameMissing(_("Give it a name."), field="name")
    sealed = sealed_secret(secret)
    app_label, _dot, codename = NEEDED[Source.Action(action)].partition(".")
    with locked(by=by):
        user = User(email=f"source-{uuid4().hex}@system.invalid", name=name.strip(), kind=User.Kind.SERVICE)
        user.set_unusable_password()
        user.save()
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app_label, codename=codename))
        source = Source.objects.create(name=name.strip(), action=action, acts_as=user, created_by=by)
        SourceSecret.objects.create(source=source, sealed=sealed)
    return source


def enable_source(source: Source, *, by: User) -> Source:
    """Take its messages again."""
    with locked(source, by=by) as source:
        source.move_to(Source.Status.ENABLED)
    return source


def disable_source(source: Source, *, by: User) -> Source:
    """Take none of its messages any more; what was received goes on."""
    with locked(source, by=by) as source:
        source.move_to(Source.Status.DISABLED)
    return source


def change_source_secret(source: Source, *, secret: str, at_once: bool = False, by: User) -> Source:
    """Take messages signed with another secret. The old one is good for another day, unless ``at_once``: then it has leaked."""
    sealed = sealed_secret(secret)
    with locked(source, by=by) as source:
        now = clock.now()
        (source.secrets.all() if at_once else source.secrets.filter(expires_at__lte=now)).delete()
        source.secrets.filter(expires_at=None).update(expires_at=now + OVERLAP)
        SourceSecret.objects.create(source=source, sealed=sealed, created_at=now)
        source.secret_changed_at = now
        source.save(update_fields=["secret_changed_at"])
    return source


def secrets_of(source: Source) -> list[str]:
    """Every secret it may sign with now."""
    now = clock.now()
    return [unseal(one.sealed) for one in source.secrets.all() if one.expires_at is None or one.expires_at > now]


def receive_webhook(source: Source, *, webhook_id: str, headers: dict[str, str], body: str, by: User) -> tuple[ReceivedWebhook, bool]:
    """Keep a message whose signature was checked, as it came, and have a worker act on it; the same again is the first, and False."""
    with locked(by=by):
        received, new = ReceivedWebhook.objects.get_or_create(
            source=source, webhook_id=webhook_id, defaults={"headers": headers, "body": body}
        )
        if new:
            received.record = publish(
                WebhookReceived(received_id=received.pk, source_id=source.pk, source_name=source.name, action=source.action)
            )
            received.save(update_fields=["record"])
    return received, new


def act_on(received_id: int, *, by: User) -> None:
    """Make of a message what its source is for, once, with the rights of the source's user."""
    received = ReceivedWebhook.objects.select_related("source").select_for_update(of=("self",)).get(pk=received_id)
    if received.handled_at is not None:
        return
    if not (by.is_active and by.has_perm(NEEDED[Source.Action(received.source.action)])):
        raise MayNot(_("%(name)s may not do that any more.") % {"name": by.name})
    result = act(received.source, received.body, by=by)
    received.handled_at, received.result_kind, received.result_id = clock.now(), result._meta.label_lower, result.pk
    received.save(update_fields=["handled_at", "result_kind", "result_id"])


def retry_received(received: ReceivedWebhook, *, by: User) -> ReceivedWebhook:
    """Try once more what was refused, after its cause was mended."""
    delivery = Delivery.objects.dead().filter(record=received.record_id or 0).first()
    if delivery is None:
        raise NothingToRetry(_("It was not refused."))
    retry_delivery(delivery, by=by)
    return received
