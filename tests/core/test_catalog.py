"""Products and units."""

from decimal import Decimal

import pytest

from core.catalog.models import Product, Unit
from core.catalog.operations import DifferentMeasures, NegativePrice, SkuTaken, convert, create_product, update_product
from core.people.models import User
from tests.factories.ground import make_product


@pytest.mark.parametrize(
    ("quantity", "from_unit", "to_unit", "expected"),
    [("3", "dozen", "pcs", "36"), ("1500", "g", "kg", "1.500"), ("7", "pcs", "dozen", "1")],
)
def test_a_quantity_converts_between_units_of_one_measure(seller: User, quantity: str, from_unit: str, to_unit: str, expected: str) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    assert convert(Decimal(quantity), units[from_unit], units[to_unit]) == Decimal(expected)


def test_weight_does_not_convert_into_volume(seller: User) -> None:
    with pytest.raises(DifferentMeasures):
        convert(Decimal(1), Unit.objects.get(code="kg"), Unit.objects.get(code="l"))


def test_a_sku_belongs_to_one_product(seller: User) -> None:
    desk = make_product("DESK-140")
    with pytest.raises(SkuTaken):
        create_product(sku=desk.sku, name="Copy", unit=desk.unit, list_price=Decimal(1), by=seller)
    assert Product.objects.count() == 1


def test_a_price_is_never_negative(seller: User) -> None:
    desk = make_product("DESK-140")
    with pytest.raises(NegativePrice):
        update_product(desk, list_price=Decimal(-1), by=seller)
    desk.refresh_from_db()
    assert desk.list_price == Decimal(4_750_000)
