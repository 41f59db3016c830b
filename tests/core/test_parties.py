"""One record of every company and person."""

import pytest

from core.events.models import Record
from core.parties.models import ContactPoint, Party
from core.parties.operations import (
    AlreadyKnown,
    BadTaxNumber,
    NameMissing,
    UnknownTimeZone,
    add_contact,
    add_contact_point,
    create_party,
    found_company,
    give_role,
    update_party,
)
from core.people.models import User
from tests.factories.ground import make_customer


def test_a_party_is_created_with_what_it_is_to_us(seller: User) -> None:
    party = create_party(name=" PT Fajar ", roles=["customer", "supplier"], email="a@fajar.example", phone="+62 21 555", by=seller)
    assert (party.name, sorted(role.role for role in party.roles.all())) == ("PT Fajar", ["customer", "supplier"])
    assert list(party.contact_points.order_by("kind").values_list("kind", "value", "is_primary")) == [
        ("email", "a@fajar.example", True),
        ("phone", "+62 21 555", True),
    ]
    record = Record.objects.get(type="parties.PartyCreated", party=party)
    assert (record.actor, record.payload) == (seller, {"party_id": party.pk, "name": "PT Fajar", "roles": ["customer", "supplier"]})


def test_a_tax_number_is_checked_by_its_countrys_rule(seller: User) -> None:
    party = create_party(name="Real", tax_id="01.312.166.0-091.000", tax_id_country="ID", by=seller)
    assert party.tax_id == "013121660091000"
    with pytest.raises(BadTaxNumber):
        create_party(name="Fake", tax_id="01.312.166.0-091.00", tax_id_country="ID", by=seller)
    assert not Party.objects.filter(name="Fake").exists()


def test_a_tax_number_belongs_to_one_party(seller: User) -> None:
    create_party(name="First", tax_id="013121660091000", tax_id_country="ID", by=seller)
    with pytest.raises(AlreadyKnown) as refusal:
        create_party(name="Second", tax_id="01.312.166.0-091.000", tax_id_country="ID", by=seller)
    assert refusal.value.field == "tax_id"
    assert not Party.objects.filter(name="Second").exists()


def test_a_party_without_a_name_or_on_no_known_clock_is_refused(seller: User) -> None:
    with pytest.raises(NameMissing):
        create_party(name="  ", by=seller)
    with pytest.raises(UnknownTimeZone):
        create_party(name="Martian", time_zone="Mars/Olympus", by=seller)
    assert not Party.objects.exclude(our_company__isnull=False).exists()


def test_an_update_that_changes_nothing_is_no_event(seller: User) -> None:
    party = make_customer(industry="Steel")
    update_party(party, industry="Steel", by=seller)
    assert not Record.objects.filter(type="parties.PartyUpdated").exists()
    update_party(party, industry="Energy", name=party.name, by=seller)
    assert Record.objects.get(type="parties.PartyUpdated").payload["changed"] == ["industry"]


def test_a_role_is_given_once(seller: User) -> None:
    party = make_customer()
    give_role(party, "supplier", by=seller)
    give_role(party, "supplier", by=seller)
    assert sorted(role.role for role in party.roles.all()) == ["customer", "supplier"]
    assert Record.objects.filter(type="parties.PartyUpdated").count() == 1
    assert list(Party.objects.suppliers()) == [party]


def test_a_new_main_contact_point_takes_the_place_of_the_old(seller: User) -> None:
    party = make_customer(email="old@fajar.example")
    add_contact_point(party, kind="email", value="new@fajar.example", is_primary=True, by=seller)
    assert list(ContactPoint.objects.filter(party=party, is_primary=True).values_list("value", flat=True)) == ["new@fajar.example"]
    with pytest.raises(AlreadyKnown):
        add_contact_point(party, kind="email", value="new@fajar.example", by=seller)


def test_a_contact_is_a_person_of_its_own(seller: User) -> None:
    company = make_customer()
    contact = add_contact(company, name="Siti Aminah", job_title="Finance director", email="siti@fajar.example", by=seller)
    assert (contact.person.kind, contact.person.name, contact.company) == ("person", "Siti Aminah", company)


def test_there_is_one_company(seller: User) -> None:
    with pytest.raises(AlreadyKnown):
        found_company(name="Another", country="ID", currency="IDR", by=seller)
