"""Deals and their lines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.parties.operations import add_contact, create_party
from frontoffice.crm.events import DealMoved, DealOpened
from frontoffice.crm.models import Deal, DealLine, LostReason, Pipeline, Stage
from frontoffice.crm.operations import (
    OfferedLine,
    add_line,
    change_line,
    install_pipeline,
    lose_deal,
    move_deal,
    open_deal,
    plan_activity,
    remove_line,
    update_deal,
)
from frontoffice.crm.operations.deals import BadDeal
from frontoffice.crm.operations.offering import BadDealLine, DealDecided
from frontoffice.sales.operations import create_price_list, set_price
from tests.factories.crm import lost_reason, make_deal, make_pipeline

MARCH = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
def stages(company):
    """The standard pipeline."""
    return make_pipeline()


def test_the_standard_pipeline_is_installed_once(company, owner):
    install_pipeline(by=owner)
    LostReason.objects.filter(name="Price").update(name="Too expensive")
    install_pipeline(by=owner)
    assert list(Stage.objects.values_list("name", "probability")) == [
        ("Qualified", Decimal("0.2")),
        ("Demo", Decimal("0.4")),
        ("Proposal", Decimal("0.6")),
        ("Negotiation", Decimal("0.8")),
    ]
    assert Pipeline.objects.count() == 1
    assert LostReason.objects.count() == 7


def test_a_deal_opens_in_the_first_stage_with_its_estimate(stages, customer, by, told):
    deal = open_deal(name="Meeting room", party=customer, estimate=Decimal("30000000.005"), by=by)
    assert (deal.stage, deal.status, deal.owner, deal.amount, deal.currency) == (stages[0], "open", by, Decimal("30000000.01"), "IDR")
    assert told() == [DealOpened(deal_id=deal.pk, name="Meeting room", party_id=customer.pk, amount=Decimal("30000000.01"), currency="IDR")]


@pytest.mark.parametrize(
    ("changes", "sentence"), [({"name": " "}, "A deal needs a name"), ({"estimate": Decimal(-1)}, "An estimate cannot be below zero")]
)
def test_a_deal_nobody_could_make_sense_of_is_refused(stages, by, told, changes, sentence):
    with pytest.raises(BadDeal, match=sentence):
        open_deal(**({"name": "Meeting room", "by": by} | changes))
    assert not Deal.objects.exists()
    assert told() == []


def test_the_contact_speaks_for_the_customer(stages, customer, by):
    stranger = add_contact(create_party(name="PT Lain", by=by), name="Wati", by=by)
    with pytest.raises(BadDeal, match="Wati does not speak for this customer"):
        open_deal(name="Meeting room", party=customer, contact=stranger, by=by)
    assert not Deal.objects.exists()


def test_the_amount_is_the_sum_of_the_lines_or_the_estimate(stages, customer, desk, lamp, by):
    deal = make_deal(customer, estimate=Decimal(30_000_000))
    desks = add_line(deal, product=desk, quantity=Decimal(4), discount=Decimal("0.05"), by=by)
    assert (desks.position, desks.description, desks.unit_price, desks.amount) == (1, "Standing desk 140", 4_750_000, 18_050_000)
    words = add_line(deal, description="Cable work", unit_price=Decimal(750_000), by=by)
    deal.refresh_from_db()
    assert deal.amount == Decimal(18_800_000)

    change_line(desks, quantity=Decimal(2), discount=Decimal(0), by=by)
    deal.refresh_from_db()
    assert deal.amount == Decimal(10_250_000)

    remove_line(words, by=by)
    remove_line(desks, by=by)
    deal.refresh_from_db()
    assert deal.amount == Decimal(30_000_000)
    update_deal(deal, estimate=Decimal(20_000_000), by=by)
    deal.refresh_from_db()
    assert deal.amount == Decimal(20_000_000)


def test_all_lines_may_be_given_at_once(stages, customer, desk, lamp, by, told):
    deal = open_deal(name="Meeting room", party=customer, lines=[OfferedLine(product=desk, quantity=Decimal(2))], by=by)
    assert deal.amount == Decimal(9_500_000)
    assert told(DealOpened)[0].amount == Decimal(9_500_000)

    deal = update_deal(deal, lines=[OfferedLine(product=lamp), OfferedLine(description="Cable work", unit_price=Decimal(750_000))], by=by)
    assert [(line.position, line.description) for line in deal.lines.all()] == [(1, "LED desk lamp"), (2, "Cable work")]
    assert deal.amount == Decimal(1_235_000)
    with pytest.raises(BadDealLine):
        update_deal(deal, name="Another", lines=[OfferedLine()], by=by)
    deal.refresh_from_db()
    assert (deal.name, deal.lines.count()) == ("Meeting room", 2)
    assert update_deal(deal, lines=[], by=by).amount == 0


def test_a_line_takes_the_customers_price(stages, customer, desk, by):
    own = create_price_list(name="Fajar", customer=customer, by=by)
    set_price(own, product=desk, unit_price=Decimal(4_600_000), min_quantity=Decimal(10), by=by)
    deal = make_deal(customer)
    assert add_line(deal, product=desk, quantity=Decimal(9), by=by).unit_price == Decimal(4_750_000)
    assert add_line(deal, product=desk, quantity=Decimal(10), by=by).unit_price == Decimal(4_600_000)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"description": "Cable work"}, "Cable work has no price"),
        ({"unit_price": Decimal(1)}, "needs a product or a description"),
        ({"description": "x", "unit_price": Decimal(-1)}, "a price cannot be below zero"),
        ({"description": "x", "unit_price": Decimal(1), "quantity": Decimal(0)}, "has to be more than zero"),
        ({"description": "x", "unit_price": Decimal(1), "discount": Decimal(2)}, "between 0 % and 100 %"),
    ],
)
def test_a_line_nobody_could_order_is_refused(stages, customer, by, line, sentence):
    deal = make_deal(customer)
    with pytest.raises(BadDealLine, match=sentence):
        add_line(deal, by=by, **line)
    deal.refresh_from_db()
    assert (deal.amount, DealLine.objects.count()) == (0, 0)


def test_a_deal_moves_along_the_pipeline(stages, customer, by, told):
    with clock.at(MARCH):
        deal = make_deal(customer)
    with clock.at(MARCH + timedelta(days=3)):
        deal = move_deal(deal, stage=stages[2], by=by)
        move_deal(deal, stage=stages[2], by=by)
    assert (deal.stage, deal.stage_since) == (stages[2], MARCH + timedelta(days=3))
    assert told(DealMoved) == [
        DealMoved(deal_id=deal.pk, name=deal.name, party_id=customer.pk, from_stage="Qualified", to_stage="Proposal")
    ]


def test_a_decided_deal_is_not_changed(stages, customer, desk, by, told):
    deal = make_deal(customer, [(desk, 1)])
    line = deal.lines.get()
    lose_deal(deal, reason=lost_reason(), by=by)
    for change in (
        lambda: update_deal(deal, name="x", by=by),
        lambda: move_deal(deal, stage=stages[1], by=by),
        lambda: add_line(deal, product=desk, by=by),
        lambda: change_line(line, quantity=Decimal(2), by=by),
        lambda: remove_line(line, by=by),
    ):
        with pytest.raises(DealDecided, match="Meeting room furniture is lost and cannot be changed any more"):
            change()
    line.refresh_from_db()
    deal.refresh_from_db()
    assert (line.quantity, deal.name, deal.stage) == (1, "Meeting room furniture", stages[0])
    assert told(DealMoved) == []


def test_a_deal_that_stands_still_is_stalled(stages, customer, by):
    with clock.at(MARCH):
        still, moved, lost = (make_deal(customer, name=name) for name in ("Still", "Moved", "Lost"))
    with clock.at(MARCH + timedelta(days=10)):
        move_deal(moved, stage=stages[1], by=by)
        lose_deal(lost, reason=lost_reason(), by=by)
    with clock.at(MARCH + timedelta(days=15)):
        assert list(Deal.objects.stalled(14)) == [still]
        assert set(Deal.objects.stalled(3)) == {still, moved}
        assert set(Deal.objects.open()) == {still, moved}
        assert list(Deal.objects.lost()) == [lost]


def test_a_deal_shows_its_next_step(stages, customer, by):
    deal = make_deal(customer)
    for days in (5, 2):
        plan_activity(deal, kind="call", subject="Call", due_at=MARCH + timedelta(days=days), by=by)
    assert Deal.objects.with_next_step().get().next_due_at == MARCH + timedelta(days=2)


def test_whoever_may_not_see_deals_sees_their_own(stages, customer, by, storekeeper):
    own = make_deal(customer, owner=storekeeper)
    make_deal(customer, name="Another")
    assert Deal.objects.visible_to(by).count() == 2
    assert list(Deal.objects.visible_to(storekeeper)) == [own]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "won"}, "a_decided_deal_knows_when"),
        ({"status": "won", "party": None, "closed_at": MARCH}, "a_won_deal_has_a_customer"),
        ({"status": "lost", "closed_at": MARCH}, "a_lost_deal_has_a_reason"),
        ({"amount": -1}, "a_deal_amount_is_not_negative"),
    ],
)
def test_the_database_refuses_impossible_deals(stages, customer, change, constraint):
    deal = make_deal(customer)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(**change)
