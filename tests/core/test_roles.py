"""What a role may do: declared by the product, changed by the owner, kept by every new version."""

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import translation

from core.audit.models import Change
from core.db import locked
from core.events.models import Record
from core.notifications.models import Notification
from core.people.granting import sync_roles
from core.people.models import CompanyRole, User
from core.people.operations import UnknownRole, change_roles, create_user
from core.people.reshaping import (
    FixedRole,
    MoreThanOneHas,
    NoSuchRight,
    OwnRole,
    RoleInUse,
    RoleNameTaken,
    create_role,
    reset_role,
    restore_role,
    retire_role,
    update_role,
)
from core.people.rights import SEEN, rights_to_choose
from core.people.roles import Role
from integration.delivery import drain
from tests.factories.ground import make_user
from tests.signing import confirmed


def role_of(key: str) -> CompanyRole:
    return CompanyRole.objects.named().get(group__name=key)


def rights(user: User) -> set[str]:
    return User.objects.get(pk=user.pk).get_all_permissions()


def changed(key: str, by: User, *, give: str = "", take: str = "") -> CompanyRole:
    role = role_of(key)
    now = {f"{app}.{code}" for app, code in role.group.permissions.values_list("content_type__app_label", "codename")}
    return update_role(role, rights=(now | {give} - {""}) - {take}, by=by)


def test_what_the_owner_gives_and_takes_survives_a_new_version(owner: User, seller: User) -> None:
    changed(Role.SALES, owner, give="sales.release_order")
    changed(Role.SALES, owner, take="sales.cancel_order")
    sync_roles()
    assert "sales.release_order" in rights(seller)
    assert "sales.cancel_order" not in rights(seller)
    kept = role_of(Role.SALES)
    assert (kept.given, kept.taken) == (["sales.release_order"], ["sales.cancel_order"])


def test_a_right_that_a_new_version_declares_arrives_in_a_changed_role(owner: User, seller: User) -> None:
    changed(Role.SALES, owner, give="sales.release_order")
    group = Group.objects.get(name=Role.SALES)
    group.permissions.remove(group.permissions.get(codename="confirm_order"))  # as if this version had not known it yet
    assert "sales.confirm_order" not in rights(seller)
    sync_roles()
    assert {"sales.confirm_order", "sales.release_order"} <= rights(seller)


def test_it_holds_from_the_next_request_on(owner: User, seller: User, client: Client) -> None:
    client.force_login(seller)
    assert client.get("/sales/orders/").status_code == 200
    changed(Role.SALES, owner, take="sales.view_order")
    assert client.get("/sales/orders/").status_code == 403
    assert client.get("/api/v1/orders/").status_code == 403


def test_back_to_the_standard(owner: User, seller: User) -> None:
    before = rights(seller)
    changed(Role.SALES, owner, take="sales.view_order")
    update_role(role_of(Role.SALES), name="Field sales", meaning="Out and about", by=owner)
    assert role_of(Role.SALES).name == "Field sales"
    reset_role(role_of(Role.SALES), by=owner)
    assert (rights(seller), role_of(Role.SALES).name) == (before, "Sales")


def test_a_role_of_the_companys_own_is_made_given_and_retired(owner: User) -> None:
    role = create_role(name="Counter staff", meaning="At the till", rights=["sales.view_order", "sales.place_order"], by=owner)
    clerk = create_user(email="c@nusantara.example", name="Clerk", roles=["counter-staff"], password=None, by=owner)
    sync_roles()
    assert rights(clerk) == {"sales.view_order", "sales.place_order"}
    with pytest.raises(RoleInUse):
        retire_role(role, by=owner)
    change_roles(clerk, [], by=owner)
    retire_role(role, by=owner)
    with pytest.raises(UnknownRole):
        change_roles(clerk, ["counter-staff"], by=owner)
    assert not Group.objects.get(name="counter-staff").permissions.exists()
    restore_role(role, by=owner)
    change_roles(clerk, ["counter-staff"], by=owner)
    assert rights(clerk) == {"sales.view_order", "sales.place_order"}


@pytest.mark.parametrize("name", ["sales", "Sales", "Owner", "..."])
def test_two_roles_are_not_called_the_same(owner: User, name: str) -> None:
    with pytest.raises(RoleNameTaken):
        create_role(name=name, by=owner)
    assert CompanyRole.objects.count() == len(Role)


@pytest.mark.parametrize("key", [Role.OWNER, Role.AUDITOR])
def test_owner_and_auditor_stay_what_they_are(owner: User, key: Role) -> None:
    other = create_user(email="o2@nusantara.example", name="Other", roles=[Role.OWNER, Role.SALES], password=None, by=owner)
    role = role_of(key)
    for act in (reset_role, retire_role, lambda role, by: update_role(role, rights=[], by=by)):
        with pytest.raises(FixedRole):
            act(role, by=other)
    assert role_of(key).version == role.version


def test_nobody_changes_a_role_they_work_in(owner: User) -> None:
    both = create_user(email="o2@nusantara.example", name="Both", roles=[Role.OWNER, Role.SALES], password=None, by=owner)
    with pytest.raises(OwnRole):
        changed(Role.SALES, both, give="finance.post_entry")
    assert role_of(Role.SALES).given == []


def test_nobody_gives_or_takes_what_they_do_not_hold(owner: User, seller: User) -> None:
    create_role(
        name="Keeper of roles", rights=["people.update_role", "people.create_role", "people.change_roles", "people.create_user"], by=owner
    )
    keeper = create_user(email="k@nusantara.example", name="Keeper", roles=["keeper-of-roles"], password=None, by=owner)
    with pytest.raises(MoreThanOneHas):
        changed(Role.SALES, keeper, give="finance.post_entry")
    with pytest.raises(MoreThanOneHas):
        changed(Role.SALES, keeper, take="sales.view_order")
    with pytest.raises(MoreThanOneHas):
        create_role(name="Back door", rights=["finance.post_entry"], by=keeper)
    for roles in ([Role.OWNER], [Role.SALES, Role.ACCOUNTANT], []):
        with pytest.raises(MoreThanOneHas):
            change_roles(seller, roles, by=keeper)
    with pytest.raises(MoreThanOneHas):
        create_user(email="x@nusantara.example", name="X", roles=[Role.OWNER], password=None, by=keeper)
    assert not User.objects.filter(email="x@nusantara.example").exists()
    assert [group.name for group in seller.groups.all()] == ["sales"]
    assert (role_of(Role.SALES).given, role_of(Role.SALES).taken) == ([], [])
    assert not CompanyRole.objects.filter(own_name="Back door").exists()


def test_the_database_lets_nobody_give_themselves_a_role_or_a_right(owner: User, seller: User) -> None:
    """Whatever code writes it: who acts is known to the database, and neither gives nor takes what is theirs."""
    owners, sales = Group.objects.get(name=Role.OWNER), Group.objects.get(name=Role.SALES)
    right = Permission.objects.get(codename="release_order")
    deeds: tuple[tuple[str, Callable[[], object]], ...] = (
        ("others_decide_on_ones_roles", lambda: seller.groups.add(owners)),
        ("others_decide_on_ones_roles", seller.groups.clear),
        ("others_decide_on_ones_roles", lambda: User.groups.through.objects.filter(user=seller).update(group=owners)),
        ("others_decide_on_ones_rights", lambda: sales.permissions.add(right)),
        ("others_decide_on_ones_rights", sales.permissions.clear),
    )
    before = rights(seller)
    for guard, deed in deeds:
        with pytest.raises(IntegrityError) as refused, locked(seller, by=seller):
            deed()
        assert refused.value.__cause__.diag.constraint_name == guard
    assert rights(seller) == before
    with locked(seller, by=owner):
        seller.groups.add(owners)
    assert "people.change_roles" in rights(seller)


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE people_user_groups SET user_id = {owner} WHERE user_id = {seller}", "others_decide_on_ones_roles"),
        ("UPDATE people_user_groups SET user_id = {seller} WHERE user_id = {owner}", "others_decide_on_ones_roles"),
        ("UPDATE people_user_groups SET user_id = {other} WHERE user_id = {owner}", ""),
        (
            "UPDATE auth_group_permissions SET group_id = {empty} WHERE group_id = {sales} AND permission_id = {view}",
            "others_decide_on_ones_rights",
        ),
        (
            "UPDATE auth_group_permissions SET group_id = {sales} WHERE group_id = {owners} AND permission_id = {post}",
            "others_decide_on_ones_rights",
        ),
    ],
)
def test_no_row_of_ones_own_is_moved_to_or_from_somebody_else(owner: User, seller: User, statement: str, guard: str) -> None:
    other = create_user(email="x@nusantara.example", name="X", roles=[], password=None, by=owner)
    empty, sales, owners = Group.objects.create(name="empty"), Group.objects.get(name=Role.SALES), Group.objects.get(name=Role.OWNER)
    rows = {"owner": owner.pk, "seller": seller.pk, "other": other.pk, "empty": empty.pk, "sales": sales.pk, "owners": owners.pk}
    rows |= {word: Permission.objects.get(codename=name).pk for word, name in (("view", "view_order"), ("post", "post_entry"))}
    before, moved = rights(seller), 0
    refused = pytest.raises(IntegrityError) if guard else nullcontext()
    with refused as told, locked(seller, by=seller), connection.cursor() as cursor:
        cursor.execute(statement.format(**rows))
        moved = cursor.rowcount
    assert (told.value.__cause__.diag.constraint_name if guard else "", moved) == (guard, 0 if guard else 1)
    assert rights(seller) == before


def test_a_right_nobody_knows_is_refused(owner: User) -> None:
    for right in ("sales.fly", "sales.add_order", "auth.view_group"):
        with pytest.raises((NoSuchRight, MoreThanOneHas)):
            create_role(name="Odd", rights=[right], by=owner)
    assert not CompanyRole.objects.filter(own_name="Odd").exists()


def test_the_database_writes_down_who_decided_what(owner: User, seller: User) -> None:
    role = changed(Role.SALES, owner, give="sales.release_order")
    change_roles(seller, [Role.SUPPORT], by=owner)
    written = Change.objects.filter(actor_id=owner.pk)
    assert written.get(table="people_companyrole", row_id=role.pk).after == {"given": ["sales.release_order"]}
    assert written.filter(table="auth_group_permissions", action="INSERT").count() == 1
    support = Group.objects.get(name=Role.SUPPORT).pk
    given = written.get(table="people_user_groups", action="INSERT", after__user_id=seller.pk)
    assert (given.after or {})["group_id"] == support


def test_it_is_told_to_the_world_and_to_whom_it_concerns(owner: User, seller: User) -> None:
    changed(Role.SALES, owner, give="sales.release_order")
    said = Record.objects.get(type="people.RoleUpdated").payload
    assert (said["role"], said["given"], said["taken"]) == ("sales", ["sales.release_order"], [])
    change_roles(seller, [Role.SUPPORT], by=owner)
    drain()
    told = Notification.objects.visible_to(seller).get()
    assert told.text == f"{owner.name} changed what you may do: you work as Support now."


def test_a_role_is_read_changed_and_reset_on_its_page(owner: User, seller: User, client: Client) -> None:
    confirmed(client, owner)
    role = role_of(Role.SALES)
    page = client.get(f"/people/roles/{role.pk}/").content.decode()
    assert "Confirm orders" in page
    assert f"/people/roles/{role.pk}/edit/" in page
    form = client.get(f"/people/roles/{role.pk}/edit/")
    kept = [right for right in form.context["form"].initial["rights"] if right != "sales.cancel_order"]
    entries = {"name": "Sales", "meaning": role.meaning, "rights": [*kept, "sales.release_order"], "_version": role.version}
    assert client.post(f"/people/roles/{role.pk}/edit/", entries).status_code == 302
    page = client.get(f"/people/roles/{role.pk}/").content.decode()
    assert page.count("given here") == 1
    assert page.count("taken away here") == 1
    assert (role_of(Role.SALES).given, role_of(Role.SALES).taken) == (["sales.release_order"], ["sales.cancel_order"])
    assert client.post(f"/people/roles/{role.pk}/reset/").status_code == 302
    assert not role_of(Role.SALES).is_changed
    fixed = client.get(f"/people/roles/{role_of(Role.OWNER).pk}/").content.decode()
    assert "/edit/" not in fixed


def test_roles_are_read_and_changed_through_the_api(owner: User, seller: User, client: Client) -> None:
    confirmed(client, owner)
    made = client.post("/api/v1/roles/", {"name": "Till", "rights": ["sales.view_order"]}, content_type="application/json")
    assert made.status_code == 201
    assert (made.json()["key"], made.json()["rights"]) == ("till", ["sales.view_order"])
    address = f"/api/v1/roles/{made.json()['id']}/"
    answer = client.patch(address, {"rights": ["sales.view_order", "sales.place_order"]}, content_type="application/json")
    assert answer.json()["rights"] == ["sales.place_order", "sales.view_order"]
    assert client.post(f"{address}retire/", {}, content_type="application/json").json()["rights"] == []
    assert client.post(f"/api/v1/users/{seller.pk}/change-roles/", {"roles": ["till"]}, content_type="application/json").status_code == 409
    confirmed(client, make_user(Role.AUDITOR))
    assert client.get(address).status_code == 200
    assert client.patch(address, {"rights": []}, content_type="application/json").status_code == 403
    client.force_login(seller)
    assert client.get(address).status_code == 403


def test_every_right_is_told_in_the_language_of_the_person(owner: User, client: Client) -> None:
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in {"core", "frontoffice", "backoffice", "integration"}]
    declared = {(model._meta.app_label, code): str(words) for model in ours for code, words in model._meta.permissions}
    assert {code for _label, code in declared if code.startswith("view_")} == set(SEEN)
    with translation.override("id"):
        told = {right.code: right.words for rights in rights_to_choose() for right in rights.every}
    english = [
        f"{label}.{code}" for (label, code), words in declared.items() if told.get(f"{label}.{code}", "") in words.removeprefix("Can ")
    ]
    assert english == []
    owner.language = "id"
    owner.save()
    client.force_login(owner)
    page = client.get(f"/people/roles/{role_of(Role.SALES).pk}/").content.decode()
    assert ("Konfirmasi pesanan" in page, "Confirm orders" in page) == (True, False)
