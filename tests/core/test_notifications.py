"""What people are told: once, in their language, only themselves, and by real operations."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import gettext as _

from core.notifications.models import Notification
from core.notifications.operations import mark_all_read, mark_read, notify, notify_each
from core.people.models import User
from core.people.operations import change_preferences, deactivate_user

pytestmark = pytest.mark.django_db


def texts_of(user: User) -> list[str]:
    """What a person was told, oldest first."""
    return list(Notification.objects.visible_to(user).order_by("pk").values_list("text", flat=True))


@pytest.fixture
def as_seller(client: Client, seller: User) -> Client:
    """A browser in which Dewi has signed in."""
    client.force_login(seller)
    return client


def test_a_person_is_told_something_and_reads_it(seller: User) -> None:
    told = notify(seller, "SO/2026/00012 was released.", url="/sales/orders/12/", icon="circle-play")
    assert (told.text, told.url, told.read_at) == ("SO/2026/00012 was released.", "/sales/orders/12/", None)
    first = mark_read(told, by=seller)
    assert first.read_at is not None
    assert mark_read(told, by=seller).read_at == first.read_at
    assert Notification.objects.unread().count() == 0


def test_the_same_occasion_is_told_once_to_each(seller: User, accountant: User) -> None:
    first = notify(seller, "Paid.", key="paid:7")
    assert notify(seller, "Paid again.", key="paid:7") == first
    notify(accountant, "Paid.", key="paid:7")
    notify(seller, "No key.")
    notify(seller, "No key.")
    assert texts_of(seller) == ["Paid.", "No key.", "No key."]
    assert texts_of(accountant) == ["Paid."]


def test_everybody_is_told_in_their_own_language_but_not_who_did_it(seller: User, accountant: User, storekeeper: User, owner: User) -> None:
    change_preferences(accountant, language="id", by=accountant)
    accountant.refresh_from_db()
    deactivate_user(storekeeper, by=owner)
    storekeeper.refresh_from_db()
    notify_each([seller, accountant, accountant, storekeeper, owner], lambda: _("Sign out"), but=owner)
    assert texts_of(seller) == ["Sign out"]
    assert texts_of(accountant) == ["Keluar"]
    assert texts_of(storekeeper) == texts_of(owner) == []


def test_a_long_text_is_cut_and_an_empty_one_refused_by_the_database(seller: User) -> None:
    assert len(notify(seller, "x" * 500).text) == 300
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(seller, "")


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_a_notification_leads_only_to_our_own_pages(seller: User, url: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(seller, "Look.", url=url)
    assert texts_of(seller) == []


def test_nobody_reads_for_somebody_else(seller: User, accountant: User) -> None:
    told = notify(seller, "Yours.")
    mark_read(told, by=accountant)
    mark_all_read(by=accountant)
    told.refresh_from_db()
    assert told.read_at is None
    assert mark_all_read(by=seller) == 1


def test_the_bell_counts_what_is_unread(as_seller: Client, seller: User, accountant: User) -> None:
    notify(seller, "One.")
    notify(seller, "Two.")
    notify(accountant, "Not yours.")
    assert as_seller.get("/counters/").json()["notifications:inbox"] == 2
    page = as_seller.get("/notifications/recent/").content.decode()
    assert "One." in page
    assert "Not yours." not in page
    as_seller.post("/notifications/read-all/", headers={"Accept": "application/json"})
    assert as_seller.get("/counters/").json()["notifications:inbox"] == 0


def test_the_page_shows_them_by_day_and_marks_one_without_scripts(as_seller: Client, seller: User, accountant: User) -> None:
    told = notify(seller, "Look at this.", url="/parties/")
    assert "Look at this." in as_seller.get("/notifications/?show=unread").content.decode()
    assert as_seller.get(f"/notifications/{told.pk}/read/").status_code == 302
    told.refresh_from_db()
    assert told.read_at is None
    assert as_seller.post(f"/notifications/{told.pk}/read/").headers["Location"] == "/parties/"
    assert Notification.objects.get(pk=told.pk).read_at is not None
    assert "Look at this." not in as_seller.get("/notifications/?show=unread").content.decode()
    other = notify(accountant, "Not yours.")
    assert as_seller.post(f"/notifications/{other.pk}/read/").status_code == 404


def test_a_long_inbox_is_read_page_by_page(as_seller: Client, seller: User, django_assert_max_num_queries: Any) -> None:
    for number in range(45):
        notify(seller, f"Number {number}.")
    as_seller.get("/notifications/")  # the first sight of a session notes the device
    with django_assert_max_num_queries(12):
        first = as_seller.get("/notifications/")
    assert sum(len(some) for _day, some in first.context["days"]) == 40
    earlier = as_seller.get("/notifications/", {"before": first.context["more"]})
    assert [one.text for _day, some in earlier.context["days"] for one in some] == [f"Number {number}." for number in (4, 3, 2, 1, 0)]
    assert as_seller.get("/notifications/", {"before": "x"}).status_code == 200


def test_the_api_lists_and_marks_ones_own(as_seller: Client, seller: User, accountant: User) -> None:
    told = notify(seller, "Mine.", url="/parties/")
    other = notify(accountant, "Not mine.")
    assert [one["text"] for one in as_seller.get("/api/v1/notifications/?read_at__isnull=true").json()["results"]] == ["Mine."]
    assert as_seller.post(f"/api/v1/notifications/{told.pk}/read/").json()["read_at"] is not None
    assert as_seller.post(f"/api/v1/notifications/{other.pk}/read/").status_code == 404
    assert as_seller.post("/api/v1/notifications/read-all/").status_code == 204
    other.refresh_from_db()
    assert other.read_at is None
