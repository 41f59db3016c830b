"""The pipeline board: sums and weights, signals, quick deals, and deciding by dropping."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.people.models import User
from frontoffice.crm.models import Deal
from frontoffice.crm.operations import move_deal, plan_activity
from frontoffice.crm.views import DealBoard
from tests.factories.crm import lost_reason, make_deal, make_pipeline

URL = "/crm/deals/board/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client: Client, by: User, company: Any) -> Client:
    """A seller's browser."""
    make_pipeline()
    client.force_login(by)
    return client


def come_back(page: Client, user: User) -> None:
    """After weeks the session has ended."""
    page.logout()
    page.force_login(user)


def lanes(page: Client, **asked: Any) -> dict[str, Any]:
    """The board's columns by the title of their lanes."""
    return {str(column.lane.title): column for column in page.get(URL, asked).context["board"]}


def test_lanes_sum_and_weigh_what_stands_in_them(page, customer):
    make_deal(customer, estimate=Decimal(100_000_000))
    make_deal(customer, estimate=Decimal(50_000_000))
    answer = page.get(URL)
    first = answer.context["board"][0]
    assert (first.count, first.lane.probability) == (2, Decimal("0.2"))
    assert "Rp\N{NO-BREAK SPACE}150\N{NO-BREAK SPACE}jt" in first.sum
    assert first.weighted == "Rp\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}jt"
    assert answer.context["subheading"] == (
        "2 deals · Rp\N{NO-BREAK SPACE}150\N{NO-BREAK SPACE}jt · Rp\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}jt weighted by probability"
    )


def test_a_card_says_when_it_stands_still_and_what_comes_next(page, customer, by):
    deal = make_deal(customer)

    def words() -> list[str]:
        [card] = lanes(page)["Qualified"].cards
        return [str(signal.text) for signal in card.signals]

    assert words() == ["No next step"]
    due = clock.now() + timedelta(days=30)
    plan_activity(deal, kind="call", subject="Call", due_at=due, by=by)
    assert words() == []
    with clock.at(clock.now() + timedelta(days=20)):
        come_back(page, by)
        assert words() == ["Stalled 20 d"]
    with clock.at(due + timedelta(days=2)):
        come_back(page, by)
        assert words() == ["Stalled 32 d", "Next step due 2 days ago"]


def test_a_lane_shows_so_many_and_more_when_asked(page, customer, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(DealBoard, "lane_size", 3)
    for number in range(7):
        make_deal(customer, name=f"Deal {number}")
    page.get(URL)
    with django_assert_max_num_queries(12):
        first = lanes(page)["Qualified"]
    assert (first.count, len(first.cards), first.more) == (7, 3, 3)
    key = first.lane.key
    second = lanes(page, more=f"{key}:6")["Qualified"]
    assert (len(second.cards), second.more, second.more_query) == (6, 1, f"?more={key}%3A9")
    assert lanes(page, more=f"{key}:9")["Qualified"].more_query == ""


def test_a_deal_is_opened_in_a_lane(page, customer, by):
    demo = make_pipeline()[1]
    asked = {"lane": demo.pk, "name": "Desks", "party": customer.pk, "estimate": "95.000.000"}
    answer = page.post(f"{URL}new/", asked, headers=HTMX)
    deal = Deal.objects.get()
    assert (answer.status_code, deal.stage, deal.party, deal.amount, deal.owner) == (201, demo, customer, 95_000_000, by)
    assert f'data-card="{deal.pk}"' in answer.content.decode()


def test_a_refused_deal_keeps_what_was_typed_and_opens_nothing(page, customer):
    demo = make_pipeline()[1]
    answer = page.post(f"{URL}new/", {"lane": demo.pk, "name": "Desks", "estimate": "-5"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "An estimate cannot be below zero." in text
    assert 'value="Desks"' in text
    assert not Deal.objects.exists()


def test_without_scripts_the_lane_leads_to_the_form_with_its_stage(page):
    demo = make_pipeline()[1]
    address = lanes(page)["Demo"].create_url
    assert address == f"/crm/deals/new/?stage={demo.pk}"
    assert f'<option value="{demo.pk}" selected>' in page.get(address).content.decode()


def test_dropping_on_lost_asks_why_and_loses_only_then(page, customer):
    deal = make_deal(customer)
    asked = page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost"}, headers=HTMX)
    assert (asked.status_code, asked.headers["X-Ask"]) == (200, "1")
    deal.refresh_from_db()
    assert deal.status == "open"
    nothing = page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost", "asked": "1"}, headers=HTMX)
    assert (nothing.status_code, nothing.headers["X-Ask"]) == (422, "1")
    reason = lost_reason()
    done = page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost", "asked": "1", "reason": reason.pk, "note": "Too dear"}, headers=HTMX)
    deal.refresh_from_db()
    assert (done.status_code, deal.status, deal.lost_reason, deal.lost_note) == (200, "lost", reason, "Too dear")
    lost = lanes(page)["Lost"]
    assert (lost.folded, lost.count, lost.cards) == (True, 1, [])
    assert [card.record for card in lanes(page, open="lost")["Lost"].cards] == [deal]


def test_dropping_on_won_says_what_is_missing_then_asks_back(page, customer, desk):
    bare = make_deal(customer)
    refused = page.post(f"{URL}move/", {"card": bare.pk, "lane": "won"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Add what the customer buys first." in refused.content.decode()
    deal = make_deal(customer, lines=[(desk, 1)])
    assert page.post(f"{URL}move/", {"card": deal.pk, "lane": "won"}, headers=HTMX).headers["X-Ask"] == "1"
    page.post(f"{URL}move/", {"card": deal.pk, "lane": "won", "asked": "1"}, headers=HTMX)
    deal.refresh_from_db()
    bare.refresh_from_db()
    assert (deal.status, bare.status) == ("won", "open")


def test_a_decision_older_than_a_month_leaves_the_board(page, customer, by):
    deal = make_deal(customer)
    page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost", "asked": "1", "reason": lost_reason().pk}, headers=HTMX)
    assert lanes(page)["Lost"].count == 1
    with clock.at(clock.now() + timedelta(days=31)):
        come_back(page, by)
        assert lanes(page)["Lost"].count == 0


def test_without_scripts_the_question_is_a_page(page, customer):
    deal = make_deal(customer)
    text = page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost"}).content.decode()
    assert "<html" in text
    assert 'name="asked" value="1"' in text
    page.post(f"{URL}move/", {"card": deal.pk, "lane": "lost", "asked": "1", "reason": lost_reason().pk})
    deal.refresh_from_db()
    assert deal.status == "lost"


def test_news_come_only_when_something_moved(page, customer, by):
    deal = make_deal(customer)
    mark = page.get(URL, headers={"X-News": "1"}).headers["ETag"]
    assert page.get(URL, headers={"X-News": "1", "If-None-Match": mark}).status_code == 304
    move_deal(deal, make_pipeline()[1], by=by)
    news = page.get(URL, headers={"X-News": "1", "If-None-Match": mark})
    assert (news.status_code, "<html" in news.content.decode()) == (200, False)


def test_who_may_only_look_moves_and_opens_nothing(client, auditor, customer, by, company):
    make_pipeline()
    deal = make_deal(customer)
    client.force_login(auditor)
    text = client.get(URL).content.decode()
    assert "data-movable" not in text
    assert "data-quick" not in text
    for lane in (str(make_pipeline()[1].pk), "lost"):
        assert client.post(f"{URL}move/", {"card": deal.pk, "lane": lane}).status_code == 403
    assert client.post(f"{URL}new/", {"lane": deal.stage_id, "name": "x"}).status_code == 403
    assert Deal.objects.count() == 1
