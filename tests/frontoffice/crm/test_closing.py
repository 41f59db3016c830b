"""Deals won, lost, and open again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core import clock
from core.errors import IllegalMove
from core.parties.models import Party
from core.parties.operations import create_party
from frontoffice.crm.events import DealLost, DealReopened, DealWon, WonLine
from frontoffice.crm.models import Deal
from frontoffice.crm.operations import add_line, lose_deal, reopen_deal, win_deal
from frontoffice.crm.operations.closing import NobodyToSellTo, NothingSold, StaysWon
from frontoffice.crm.operations.leads import WhyLost
from tests.factories.crm import lost_reason, make_deal
from tests.racing import race, refusals

MARCH = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_winning_tells_what_was_sold_and_makes_a_customer(company, desk, by, told):
    prospect = create_party(name="PT Cakra Media", by=by)
    deal = make_deal(prospect, [(desk, 4)], owner=by)
    add_line(deal, description="Cable work", unit_price=Decimal(750_000), discount=Decimal("0.1"), by=by)
    with clock.at(MARCH):
        deal = win_deal(deal, by=by)

    assert (deal.status, deal.closed_at) == ("won", MARCH)
    assert list(Party.objects.customers()) == [prospect]
    assert told(DealWon) == [
        DealWon(
            deal_id=deal.pk,
            name="Meeting room furniture",
            party_id=prospect.pk,
            owner_id=by.pk,
            currency="IDR",
            amount=Decimal(19_675_000),
            lines=(
                WonLine(desk.pk, "Standing desk 140", Decimal(4), Decimal(4_750_000), Decimal(0)),
                WonLine(None, "Cable work", Decimal(1), Decimal(750_000), Decimal("0.1")),
            ),
        )
    ]


def test_a_deal_without_lines_is_not_won(customer, by, told):
    deal = make_deal(customer)
    with pytest.raises(NothingSold, match="Meeting room furniture has no lines"):
        win_deal(deal, by=by)
    deal.refresh_from_db()
    assert deal.status == "open"
    assert told(DealWon) == []


def test_a_deal_without_a_customer_is_not_won(company, desk, by, told):
    deal = make_deal(None, [(desk, 1)])
    with pytest.raises(NobodyToSellTo, match="has no customer"):
        win_deal(deal, by=by)
    deal.refresh_from_db()
    assert deal.status == "open"
    assert told(DealWon) == []


def test_a_deal_is_won_once(customer, desk, by, told):
    deal = win_deal(make_deal(customer, [(desk, 1)]), by=by)
    with pytest.raises(IllegalMove, match="is won and cannot become won"):
        win_deal(deal, by=by)
    assert len(told(DealWon)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_deal_is_won_once_however_many_try(customer, desk, by, told):
    deal = make_deal(customer, [(desk, 1)])
    results = race(*[lambda: win_deal(deal, by=by)] * 4)
    assert [type(refusal) for refusal in refusals(results)] == [IllegalMove] * 3
    assert len(told(DealWon)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_deal_is_not_won_and_lost_at_once(customer, desk, by, told):
    deal = make_deal(customer, [(desk, 1)])
    reason = lost_reason()
    results = race(lambda: win_deal(deal, by=by), lambda: lose_deal(deal, reason=reason, by=by))
    assert len(refusals(results)) == 1
    assert len(told(DealWon, DealLost)) == 1


def test_a_deal_is_lost_for_a_reason(customer, by, told):
    deal = make_deal(customer, estimate=Decimal(5_000_000))
    with pytest.raises(WhyLost, match="A deal is not lost without a reason"):
        lose_deal(deal, reason=None, by=by)
    assert Deal.objects.get().status == "open"

    deal = lose_deal(deal, reason=lost_reason("Competitor"), note="Cheaper by half", by=by)
    assert (deal.status, deal.lost_reason.name, deal.lost_note) == ("lost", "Competitor", "Cheaper by half")
    assert told(DealLost) == [
        DealLost(
            deal_id=deal.pk,
            name=deal.name,
            party_id=customer.pk,
            reason="Competitor",
            amount=Decimal("5000000.0000"),
            currency="IDR",
        )
    ]


def test_a_lost_deal_can_be_reopened(customer, by, told):
    deal = lose_deal(make_deal(customer), reason=lost_reason(), note="Too dear", by=by)
    deal = reopen_deal(deal, by=by)
    assert (deal.status, deal.lost_reason, deal.lost_note, deal.closed_at) == ("open", None, "", None)
    assert told(DealReopened) == [DealReopened(deal_id=deal.pk, name=deal.name, party_id=customer.pk)]


def test_a_won_deal_stays_won(customer, desk, by, told):
    deal = win_deal(make_deal(customer, [(desk, 1)]), by=by)
    with pytest.raises(StaysWon, match="is won and became an order"):
        reopen_deal(deal, by=by)
    with pytest.raises(IllegalMove, match="is won and cannot become lost"):
        lose_deal(deal, reason=lost_reason(), by=by)
    deal.refresh_from_db()
    assert deal.status == "won"
    assert told(DealReopened, DealLost) == []
