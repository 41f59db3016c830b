"""A next step becomes due: whoever has to do it is told, once, by their own clock and in their own language."""

from datetime import UTC, datetime, timedelta

from django.test import Client

from core import clock
from core.notifications.models import Notification
from core.people.models import User
from core.people.operations import change_preferences
from frontoffice.crm.operations import plan_activity
from integration.delivery import drain
from integration.tasks import remind
from tests.factories.ground import make_customer

EVENING = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
"""The 2nd of March in London, the 3rd at half past midnight in Jakarta."""


def texts_of(user: User) -> list[str]:
    return list(Notification.objects.visible_to(user).order_by("pk").values_list("text", flat=True))


def test_who_planned_nothing_hears_nothing_and_who_must_act_hears_once(seller: User, owner: User, client: Client) -> None:
    change_preferences(seller, language="id", time_zone="Europe/London", by=seller)
    step = plan_activity(make_customer(), kind="call", subject="Ring back", due_at=EVENING, assignee=seller, by=owner)
    with clock.at(EVENING - timedelta(minutes=1)):
        remind()
        drain()
        assert texts_of(seller) == []
    with clock.at(EVENING + timedelta(minutes=1)):
        for _tick in range(2):  # the clock may tick twice
            remind()
            drain()
        assert texts_of(seller) == ["Jatuh tempo 2 Mar 17:30: Ring back (PT Fajar Teknologi)"]
        assert texts_of(owner) == []
        client.force_login(seller)
        told = Notification.objects.get()
        assert told.url == f"/crm/activities/{step.pk}/"
        assert "Ring back" in client.get("/").content.decode()


def test_what_needs_somebody_today_goes_by_their_own_day(seller: User, client: Client) -> None:
    plan_activity(make_customer(), kind="call", subject="Early bird", due_at=EVENING + timedelta(hours=1), by=seller)
    client.force_login(seller)
    with clock.at(datetime(2026, 3, 2, 14, tzinfo=UTC)):  # 21:00 in Jakarta, where the step is tomorrow's
        assert "Early bird" not in client.get("/").content.decode()
        change_preferences(seller, time_zone="Europe/London", by=seller)
        assert "Early bird" in client.get("/").content.decode()
