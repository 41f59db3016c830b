"""Duties that one person should not hold together: who holds them, by which roles, and what takes the harm out of it."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils.translation import override
from openpyxl import load_workbook

from core.approvals.conflicts import Found, by_person, by_role, conflicts
from core.approvals.declaring import every
from core.parties.models import Company
from core.people.models import User
from core.people.operations import change_roles
from core.people.reshaping import choosable, create_role
from core.people.roles import Role
from tests.factories.approvals import demand, make_colleague
from tests.factories.ground import make_user
from tests.factories.house import make_house
from tests.factories.programs import api_of


@pytest.fixture
def house(db: None) -> Company:
    return make_house()


@pytest.fixture
def boss(house: Company) -> User:
    return make_user(Role.OWNER)


def keys(found: list[Found], name: str) -> set[str]:
    return {one.conflict.key for one in found if one.holder.name == name}


def open_keys(found: list[Found], name: str) -> set[str]:
    return {one.conflict.key for one in found if one.holder.name == name and not one.eased}


def test_every_declaration_names_permissions_and_held_operations_there_are(house: Company) -> None:
    known = choosable()
    assert len({one.key for one in conflicts()}) == len(conflicts()) > 8
    for one in conflicts():
        assert {*one.one.permissions, *one.other.permissions} <= known, one.key
        assert set(one.eased_by) <= set(every()), one.key
        assert set(one.one.permissions).isdisjoint(one.other.permissions), one.key


def test_every_held_operation_is_part_of_a_conflict_with_its_check(house: Company) -> None:
    """Who does it and who may check it: there is always a pair of the two."""
    paired = {name for one in conflicts() for name in one.eased_by if every()[name].needs in (*one.one.permissions, *one.other.permissions)}
    assert paired == set(every())


def test_the_owner_holds_every_conflict_and_a_seller_none(boss: User) -> None:
    make_user(Role.SALES)
    found = by_person()
    assert keys(found, boss.name) == {one.key for one in conflicts()}
    assert keys(found, "Dewi Lestari") == set()
    assert keys(by_role(), "Sales") == set()
    assert keys(by_role(), "Owner") == {one.key for one in conflicts()}


def test_it_may_come_of_two_roles_that_do_no_harm_alone(boss: User) -> None:
    """A checker alone, and somebody who posts alone."""
    create_role(name="Poster", rights=["finance.post_entry"], by=boss)
    create_role(name="Checker", rights=["finance.approve_entry"], by=boss)
    both = make_colleague("Both Hands", "poster", "checker")
    assert keys(by_role(), "Poster") == keys(by_role(), "Checker") == set()
    [found] = [one for one in by_person() if one.holder == both]
    assert found.conflict.key == "entries-made-and-approved"
    assert {role.name for role in found.roles} == {"Poster", "Checker"}
    change_roles(both, ["poster"], by=boss)
    assert keys(by_person(), "Both Hands") == set()


def test_a_rule_eases_it_when_all_of_it_is_demanded(boss: User) -> None:
    siti = make_user(Role.ACCOUNTANT)
    assert "entries-made-and-approved" in open_keys(by_person(), siti.name)
    demand("finance.post_entry")
    assert "entries-made-and-approved" in open_keys(by_person(), siti.name)  # reversing is still done alone
    demand("finance.reverse_entry")
    assert "entries-made-and-approved" not in open_keys(by_person(), siti.name)
    assert "entries-made-and-approved" in keys(by_person(), siti.name)
    assert "waives-and-approves" not in open_keys(by_person(), boss.name)  # always for two
    assert "stock-moved-and-adjusted" in open_keys(by_person(), boss.name)  # nothing eases it yet


def test_what_is_given_by_hand_and_to_programs_counts(boss: User) -> None:
    dewi = make_user(Role.SALES)
    dewi.user_permissions.add(Permission.objects.get(codename="release_order"))
    assert keys(by_person(), dewi.name) == {"orders-placed-and-released"}
    program = User.objects.create(email="p@service.invalid", name="Program", kind=User.Kind.SERVICE)
    program.groups.add(Group.objects.get(name=Role.STOREKEEPER))
    assert keys(by_person(), "Program") == {"stock-moved-and-adjusted"}
    User.objects.filter(pk=program.pk).update(is_active=False)
    assert keys(by_person(), "Program") == set()


def test_the_report_on_the_page_and_in_files(boss: User, client: Client) -> None:
    siti = make_user(Role.ACCOUNTANT)
    demand("finance.void_payment")
    client.force_login(boss)
    page = client.get("/approvals/conflicts/").content.decode()
    assert siti.name in page
    assert "Money that came in is kept, and its payment voided." in page
    assert "By a second person" in page
    left = client.get("/approvals/conflicts/?only_open=on").content.decode()
    assert "Money that came in is kept, and its payment voided." not in left
    rows = list(csv.reader(io.StringIO(b"".join(client.get("/approvals/conflicts/?export=csv")).decode("utf-8-sig"))))
    assert rows[0] == ["Person", "What could go wrong", "Duties", "By the roles", "Eased"]
    assert [siti.name, "Registers payments · Voids payments", "Accountant", "By a second person"] in [[row[0], *row[2:]] for row in rows]
    book = load_workbook(io.BytesIO(client.get("/approvals/conflicts/?by=role&export=xlsx").content))
    assert book.worksheets[0]["A1"].value == "Role"
    assert "Accountant" in {row[0].value for row in book.worksheets[0].iter_rows()}
    with override("id"):
        assert "Owner" in client.get("/approvals/conflicts/?by=role").content.decode()


def test_the_report_in_the_api(boss: User) -> None:
    siti = make_user(Role.ACCOUNTANT)
    found = api_of(boss).get("/api/v1/duty-conflicts/").json()
    mine = [one for one in found if one["user"] == siti.pk]
    assert {"entries-made-and-approved", "voids-made-and-approved", "bank-details-changed-and-approved"} <= {one["key"] for one in mine}
    assert mine[0]["roles"] == ["accountant"]
    roles = api_of(boss).get("/api/v1/duty-conflicts/?by=role").json()
    assert {one["role"] for one in roles} == {"owner", "accountant", "storekeeper", "it"}
    assert api_of(siti).get("/api/v1/duty-conflicts/").status_code == 403
    assert api_of(make_user(Role.AUDITOR)).get("/api/v1/duty-conflicts/").status_code == 200
