"""Documents written whole, rows written at once: the same rows as Django would write, in fewer statements."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice.inventory.models import Fulfilment
from core import clock
from core.audit.history import history
from core.db import RowOf, locked
from core.docflow.flow import came_of, related
from core.events.models import Delivery, Record
from core.events.publishing import publish
from core.numbering import Counter, NextNumber, NoCompany, next_number
from core.parties.models import ContactPoint, Party, PartyRole
from core.people.models import User
from core.writing import Part, write_each, write_whole
from frontoffice.sales.models import Order, OrderLine
from tests.factories.ground import make_company, make_customer, make_user
from tests.integration.bells import BellRang
from tests.racing import race

SO = "sales.order"


def order_of(customer: Party, quantities: list[int]) -> tuple[Order, list[OrderLine]]:
    """A new order, not written yet."""
    order = Order(customer=customer, order_date=clock.today(), currency="IDR", note="“%s” {} \\ '")
    lines = [
        OrderLine(position=place, description=f"Line {place}", quantity=Decimal(quantity), unit_price=Decimal("0.000001"))
        for place, quantity in enumerate(quantities, start=1)
    ]
    return order, lines


@pytest.mark.django_db
def test_a_document_its_lines_its_links_and_its_number_are_one_statement() -> None:
    make_company()
    order, lines = order_of(make_customer(), [3, 1, 2])
    with locked(by=User.objects.service()), CaptureQueriesContext(connection) as asked:
        came = came_of(SO, ("crm.deal", 7, "D-7", "becomes"), ("crm.deal", 8, "D-8", "becomes"))
        write_whole(order, Part(lines, "order"), came, Part([], "order"), number=NextNumber(SO, "SO", clock.today()))
    assert len(asked) == 1
    assert order.number == f"SO/{clock.today().year}/00001"
    assert next_number(SO, prefix="SO", on=clock.today()) == f"SO/{clock.today().year}/00002"
    found = Order.objects.get(pk=order.pk)
    assert [getattr(found, field.attname) for field in Order._meta.concrete_fields] == [
        getattr(order, field.attname) for field in Order._meta.concrete_fields
    ]
    assert list(found.lines.order_by("pk").values_list("position", "quantity", "unit_price")) == [
        (line.position, line.quantity, line.unit_price) for line in lines
    ]
    assert {line.order for line in lines} == {order}
    assert [(one.number, one.relation) for one in related(SO, order.pk)] == [("D-7", "becomes"), ("D-8", "becomes")]
    assert [change.action for change in history(found)] == ["INSERT"]
    order.note = "Known to be there"
    order.save(update_fields=["note"])


@pytest.mark.django_db
def test_a_document_that_is_refused_takes_no_number() -> None:
    make_company()
    customer = make_customer()
    order, lines = order_of(customer, [1, 0])
    with pytest.raises(IntegrityError, match="an_order_line_wants_something"), transaction.atomic():
        write_whole(order, Part(lines, "order"), number=NextNumber(SO, "SO", clock.today()))
    assert not Order.objects.exists()
    assert not Counter.objects.filter(sequence=SO).exists()


@pytest.mark.django_db
def test_without_a_company_nothing_is_numbered() -> None:
    order, lines = order_of(make_customer(), [1])
    with pytest.raises(NoCompany), transaction.atomic():
        write_whole(order, Part(lines, "order"), number=NextNumber(SO, "SO", clock.today()))
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_long_numbers_are_written_as_everywhere() -> None:
    make_company()
    Counter.objects.create(sequence=SO, year=clock.today().year, last=99_998)
    numbers = []
    for _time in range(2):
        order, lines = order_of(make_customer(), [1])
        write_whole(order, Part(lines, "order"), number=NextNumber(SO, "SO", clock.today()))
        numbers.append(order.number.rpartition("/")[2])
    numbers.append(next_number(SO, prefix="SO", on=clock.today()).rpartition("/")[2])
    assert numbers == ["99999", "100000", "100001"]


@pytest.mark.django_db
def test_a_party_is_written_with_what_it_is_and_how_it_is_reached() -> None:
    party = Party(name="PT Uji")
    write_whole(
        party,
        Part([PartyRole(role=PartyRole.Role.CUSTOMER), PartyRole(role=PartyRole.Role.SUPPLIER)], "party"),
        Part([ContactPoint(kind=ContactPoint.Kind.EMAIL, value="halo@uji.example", is_primary=True)], "party"),
    )
    assert set(party.roles.values_list("role", flat=True)) == {"customer", "supplier"}
    assert party.contact_points.get().value == "halo@uji.example"


@pytest.mark.django_db
def test_many_rows_are_changed_in_one_statement_each_to_its_own() -> None:
    make_company()
    order, lines = order_of(make_customer(), [1, 2, 3])
    write_whole(order, Part(lines, "order"), number=NextNumber(SO, "SO", clock.today()))
    held = list(order.lines.order_by("pk"))
    for line in held:
        line.quantity, line.description = line.quantity * 10, f"Now {line.position}"
    with CaptureQueriesContext(connection) as asked:
        write_each(held, "quantity", "description")
        write_each([], "quantity")
    assert len(asked) == 1
    assert list(order.lines.order_by("pk").values_list("quantity", "description", "version")) == [
        (10, "Now 1", 2),
        (20, "Now 2", 2),
        (30, "Now 3", 2),
    ]


@pytest.mark.django_db
def test_a_row_is_made_once_and_held_by_whoever_asks_for_it() -> None:
    house = make_user("owner")
    with locked(RowOf(Fulfilment, "order_id", 7), by=house) as (first, is_new):
        assert is_new
    with locked(RowOf(Fulfilment, "order_id", 7), Fulfilment.objects.filter(order_id=7), by=house) as ((again, is_new), others):
        assert not is_new
        assert [again] == others == [first]
        again.is_stopped = True
        again.save(update_fields=["is_stopped"])
    with locked(RowOf(Fulfilment, "order_id", 7), by=house) as (third, _is_new):
        assert third.is_stopped
    assert [(change.action, change.actor_id) for change in history(first)] == [("UPDATE", house.pk), ("INSERT", house.pk)]
    assert Fulfilment.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_for_one_row_at_once_come_one_after_the_other() -> None:
    house = User.objects.service()
    seen: list[bool] = []

    def ask() -> None:
        with locked(RowOf(Fulfilment, "order_id", 7), by=house) as (_row, is_new):
            seen.append(is_new)

    race(*[ask] * 8)
    assert sorted(seen) == [False] * 7 + [True]


@pytest.mark.django_db
def test_what_an_operation_tells_is_told_in_one_statement_in_its_order() -> None:
    make_company()
    with locked(by=User.objects.service()), CaptureQueriesContext(connection) as asked:
        first = publish(BellRang(bell="door", times=1), BellRang(bell="window", times=2))
        publish(BellRang(bell="window", times=3))
    assert len(asked) == 2
    told = list(Record.objects.filter(type="bells.BellRang").order_by("pk").values_list("key", "payload__times", "sequence"))
    assert told == [("door", 1, 1), ("window", 2, 1), ("window", 3, 2)]
    assert Record.objects.get(key="door") == first
    assert not Delivery.objects.filter(record__type="bells.BellRang").exists()


@pytest.mark.django_db
def test_two_facts_of_one_type_about_one_thing_are_not_told_at_once() -> None:
    make_company()
    with pytest.raises(ValueError, match="each by itself"), locked(by=User.objects.service()):
        publish(BellRang(bell="door", times=1), BellRang(bell="door", times=2))
    assert not Record.objects.filter(type="bells.BellRang").exists()
