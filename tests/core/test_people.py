"""Who may sign in, and with which rights."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from core import clock
from core.people.models import CompanyRole, User
from core.people.operations import (
    EmailTaken,
    LastOwner,
    OwnRights,
    UnknownZone,
    WeakPassword,
    change_preferences,
    change_roles,
    create_user,
    deactivate_user,
)
from core.people.reading import as_read_by
from core.people.roles import Role
from core.web import figures
from frontoffice.crm.models import Activity
from tests.factories.crm import make_lead
from tests.factories.ground import make_user


def test_a_user_signs_in_with_an_email_in_any_case(owner: User) -> None:
    user = create_user(email="New@Nusantara.example", name="New One", roles=[Role.SALES], password="a-long-password", by=owner)
    assert User.objects.get_by_natural_key("NEW@nusantara.EXAMPLE") == user
    assert user.check_password("a-long-password")


def test_an_email_belongs_to_one_user(owner: User, seller: User) -> None:
    with pytest.raises(EmailTaken):
        create_user(email=seller.email.upper(), name="Twin", roles=[], password=None, by=owner)
    assert User.objects.filter(email__iexact=seller.email).count() == 1


@pytest.mark.parametrize("password", ["password123", "short", "12345678"])
def test_a_password_that_others_guess_is_refused(owner: User, password: str) -> None:
    with pytest.raises(WeakPassword):
        create_user(email="new@nusantara.example", name="New", roles=[], password=password, by=owner)
    assert not User.objects.filter(email="new@nusantara.example").exists()


def test_roles_decide_what_somebody_may_do(owner: User, seller: User, auditor: User) -> None:
    assert owner.has_perm("parties.update_party")
    assert seller.has_perm("parties.create_party")
    assert not seller.has_perm("people.create_user")
    assert auditor.has_perm("parties.view_party")
    assert not auditor.has_perm("parties.update_party")


def test_nobody_changes_their_own_roles(owner: User) -> None:
    with pytest.raises(OwnRights):
        change_roles(owner, [Role.AUDITOR], by=owner)
    assert [group.name for group in owner.groups.all()] == ["owner"]


def test_a_company_keeps_an_owner(owner: User) -> None:
    other = create_user(email="it@nusantara.example", name="It", roles=[Role.IT], password=None, by=owner)
    with pytest.raises(LastOwner):
        change_roles(owner, [Role.SALES], by=other)
    with pytest.raises(LastOwner):
        deactivate_user(owner, by=other)
    owner.refresh_from_db()
    assert owner.is_active


def test_a_leaver_is_out_at_once(owner: User, client) -> None:  # type: ignore[no-untyped-def]
    leaver = make_user(Role.SALES)
    client.force_login(leaver)
    deactivate_user(leaver, by=owner)
    assert client.get("/api/v1/parties/").status_code == 401
    leaver.refresh_from_db()
    assert not leaver.is_active


def test_the_users_and_what_their_roles_may_do_are_shown_in_words(client: Client, owner: User, seller: User) -> None:
    client.force_login(owner)
    page = client.get("/people/", {"groups-name": "sales"})
    assert [line.row for line in page.context["lines"]] == [seller]
    sales = CompanyRole.objects.get(group__name=Role.SALES)
    assert "Confirm orders" in client.get(f"/people/roles/{sales.pk}/").content.decode()
    roles = client.get("/people/roles/").content.decode()
    assert "Sees everything, changes nothing." in roles
    assert client.get("/people/roles/0/").status_code == 404
    assert f"/people/roles/{sales.pk}/" in client.get(f"/people/{seller.pk}/").content.decode()
    client.force_login(seller)
    assert client.get("/people/roles/").status_code == 403


def test_a_hint_is_put_away_once_and_for_oneself(client: Client, owner: User, seller: User) -> None:
    client.force_login(seller)
    client.post("/put-away/", {"hint": "tip:sales:orders"})
    client.post("/put-away/", {"hint": "tip:sales:orders"}, headers={"Accept": "application/json"})
    client.post("/put-away/", {"hint": "<script>"})
    seller.refresh_from_db()
    owner.refresh_from_db()
    assert (seller.dismissed, owner.dismissed) == (["tip:sales:orders"], [])
    assert "data-tip" not in client.get("/sales/orders/").content.decode()
    client.force_login(owner)
    assert "data-tip" in client.get("/sales/orders/").content.decode()


def test_a_person_without_a_time_zone_lives_by_the_companys(seller: User) -> None:
    assert (seller.time_zone, str(seller.zone)) == ("", "Asia/Jakarta")
    seller.time_zone = "Mars/Olympus"  # a machine whose tables do not know the place
    assert str(seller.zone) == "Asia/Jakarta"


def test_a_time_zone_nobody_knows_is_refused(seller: User) -> None:
    with pytest.raises(UnknownZone):
        change_preferences(seller, name="Changed", time_zone="Mars/Olympus", by=seller)
    seller.refresh_from_db()
    assert (seller.name == "Changed", seller.time_zone) == (False, "")


def test_moments_are_told_by_the_persons_clock_and_the_books_by_the_companys(seller: User) -> None:
    change_preferences(seller, time_zone="America/New_York", by=seller)
    seller.refresh_from_db()
    late = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # 01:30 on the 24th in Jakarta, 13:30 on the 23rd in New York
    with clock.at(late), as_read_by(seller):
        assert figures.moment(late) == "23 Nov 2026 13:30:00"
        assert figures.relative_moment(late - timedelta(hours=13)) == "today 00:30"
        assert clock.here() == date(2026, 11, 23)
        assert clock.today() == date(2026, 11, 24)


def test_pages_show_and_take_times_by_the_persons_clock(seller: User, client: Client) -> None:
    client.force_login(seller)
    page = client.get("/people/me/").content.decode()
    assert "As the company (Asia/Jakarta)" in page
    assert '<option value="Asia/Makassar">Makassar</option>' in page
    entries = {"name": seller.name, "language": "en", "theme": "system", "time_zone": "Asia/Makassar", "_version": seller.version}
    assert client.post("/people/me/", entries).status_code == 302
    seller.refresh_from_db()
    assert seller.time_zone == "Asia/Makassar"
    lead = make_lead(by=seller)
    planned = {"kind": "call", "subject": "Ring", "due_at": "2026-11-24T10:00"}
    assert client.post(f"/crm/leads/{lead.pk}/plan-activity/", planned).status_code == 302
    step = Activity.objects.get()
    assert step.due_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert "24 Nov 2026 10:00:00" in client.get(f"/crm/activities/{step.pk}/").content.decode()


def test_one_reads_and_changes_oneself_through_the_api(seller: User, client: Client) -> None:
    client.force_login(seller)
    me = client.get("/api/v1/me/").json()
    assert (me["email"], me["roles"], me["time_zone"], me["zone"]) == (seller.email, ["sales"], "", "Asia/Jakarta")
    change = client.post("/api/v1/me/change-preferences/", {"time_zone": "Asia/Jayapura"}, content_type="application/json")
    assert (change.status_code, change.json()["zone"], change.json()["name"]) == (200, "Asia/Jayapura", seller.name)
    bad = client.post("/api/v1/me/change-preferences/", {"time_zone": "Nowhere"}, content_type="application/json")
    assert bad.status_code == 409
    assert client.get("/api/v1/me/").json()["time_zone"] == "Asia/Jayapura"
    client.logout()
    assert client.get("/api/v1/me/").status_code == 401
