"""What is done with notifications: somebody is told, and has read it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from core import clock
from core.db import locked
from core.notifications.models import Notification
from core.people.models import User
from core.people.reading import as_read_by

LONGEST = 300


def notify(user: User, text: str, *, url: str = "", icon: str = "bell", key: str = "") -> Notification:
    """Tell somebody something, in the caller's transaction; the caller words it in that person's language.

    The same ``key`` twice tells once and gives back what was told the first time. ``url`` is a page of ours ("/...").
    """
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    with transaction.atomic():
        if not key:
            return Notification.objects.create(user=user, text=text, url=url, icon=icon)
        told, _new = Notification.objects.get_or_create(user=user, key=key, defaults={"text": text, "url": url, "icon": icon})
        return told


def notify_each(
    users: Iterable[User], words: Callable[[], str], *, url: str = "", icon: str = "bell", key: str = "", but: User | None = None
) -> list[Notification]:
    """Tell several people the same, each in their own language; ``but`` is who did it and knows already."""
    told = []
    for user in {user.pk: user for user in users if user.is_active}.values():
        if but is None or user.pk != but.pk:
            with as_read_by(user):
                told.append(notify(user, words(), url=url, icon=icon, key=key))
    return told


def mark_read(notification: Notification, *, by: User) -> Notification:
    """Somebody has looked at what they were told."""
    with locked(Notification.objects.visible_to(by).filter(pk=notification.pk), by=by) as found:
        for one in found:
            if one.read_at is None:
                one.read_at = clock.now()
                one.save(update_fields=["read_at"])
            notification.read_at = one.read_at
    return notification


def mark_all_read(*, before: datetime | None = None, by: User) -> int:
    """Somebody has looked at everything they were told (``before`` a moment): how many that were."""
    with locked(by=by):
        rows = Notification.objects.visible_to(by).unread()
        return (rows if before is None else rows.filter(created_at__lt=before)).update(read_at=clock.now())
