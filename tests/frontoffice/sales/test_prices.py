"""What a product costs whom, from how many on, and when."""

from datetime import date
from decimal import Decimal

import pytest

from core.parties.operations import create_party
from frontoffice.sales.models import PriceList, PriceRule
from frontoffice.sales.operations import create_price_list, price_for, remove_price, set_price, update_price_list
from frontoffice.sales.operations.prices import BadPrice, EndsBeforeItStarts, PriceListNameTaken
from tests.factories.sales import make_order

TODAY = date(2026, 3, 2)


def price(product, customer, quantity=1, on=TODAY):
    return price_for(product.pk, customer.pk if customer else None, Decimal(quantity), on)


@pytest.fixture
def general(by, company):
    """Prices everybody gets."""
    return create_price_list(name="Wholesale", by=by)


def test_without_a_price_list_the_list_price_counts(customer, desk):
    assert price(desk, customer) == Decimal(4_750_000)
    assert price(desk, None) == Decimal(4_750_000)


def test_the_highest_quantity_reached_counts(customer, desk, general, by):
    set_price(general, product=desk, unit_price=Decimal(4_500_000), min_quantity=Decimal(5), by=by)
    set_price(general, product=desk, unit_price=Decimal(4_200_000), min_quantity=Decimal(20), by=by)
    assert [price(desk, customer, quantity) for quantity in (4, 5, 19, 20)] == [4_750_000, 4_500_000, 4_500_000, 4_200_000]


def test_the_customers_own_price_comes_before_the_general_one(customer, desk, general, by):
    own = create_price_list(name="Fajar", customer=customer, by=by)
    set_price(general, product=desk, unit_price=Decimal(4_000_000), min_quantity=Decimal(10), by=by)
    set_price(own, product=desk, unit_price=Decimal(4_600_000), by=by)
    other = create_party(name="PT Lain", by=by)
    assert (price(desk, customer, 10), price(desk, other, 10), price(desk, None, 10)) == (4_600_000, 4_000_000, 4_000_000)


def test_the_list_that_started_last_counts(customer, desk, by):
    for name, start, amount in (("2025", date(2025, 1, 1), 4_400_000), ("2026", date(2026, 1, 1), 4_500_000), ("Always", None, 1)):
        set_price(create_price_list(name=name, valid_from=start, by=by), product=desk, unit_price=Decimal(amount), by=by)
    assert price(desk, customer, on=date(2026, 1, 1)) == 4_500_000
    assert price(desk, customer, on=date(2025, 12, 31)) == 4_400_000
    assert price(desk, customer, on=date(2024, 12, 31)) == 1


def test_a_list_counts_from_its_first_to_its_last_day(customer, desk, by):
    march = create_price_list(name="March", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31), by=by)
    set_price(march, product=desk, unit_price=Decimal(1), by=by)
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [price(desk, customer, on=day) for day in days] == [4_750_000, 1, 1, 4_750_000]


def test_a_list_out_of_use_does_not_count(customer, desk, general, by):
    set_price(general, product=desk, unit_price=Decimal(1), by=by)
    update_price_list(general, is_active=False, by=by)
    assert price(desk, customer) == 4_750_000


def test_the_last_word_on_a_price_counts(customer, desk, general, by):
    set_price(general, product=desk, unit_price=Decimal(1), by=by)
    rule = set_price(general, product=desk, unit_price=Decimal(2), by=by)
    assert price(desk, customer) == 2
    assert PriceRule.objects.count() == 1
    remove_price(rule, by=by)
    assert price(desk, customer) == 4_750_000


def test_an_order_takes_the_customers_price(customer, desk, by):
    own = create_price_list(name="Fajar", customer=customer, by=by)
    set_price(own, product=desk, unit_price=Decimal(4_600_000), min_quantity=Decimal(2), by=by)
    assert make_order(customer, [(desk, 2)], by=by).lines.get().unit_price == 4_600_000
    assert make_order(customer, [(desk, 1)], by=by).lines.get().unit_price == 4_750_000


def test_prices_below_zero_are_refused(desk, general, by):
    with pytest.raises(BadPrice):
        set_price(general, product=desk, unit_price=Decimal(-1), by=by)
    with pytest.raises(BadPrice):
        set_price(general, product=desk, unit_price=Decimal(1), min_quantity=Decimal(-1), by=by)
    assert not PriceRule.objects.exists()


def test_two_lists_do_not_share_a_name(general, by):
    with pytest.raises(PriceListNameTaken, match="There is a price list called Wholesale"):
        create_price_list(name="Wholesale", by=by)
    assert PriceList.objects.count() == 1


def test_a_list_does_not_end_before_it_starts(general, by):
    with pytest.raises(EndsBeforeItStarts):
        update_price_list(general, valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1), by=by)
    general.refresh_from_db()
    assert general.valid_from is None
