"""Own, team or all: who sees which rows, and that no face of the product shows more."""

import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from core.parties.models import Party
from core.parties.operations import update_party
from core.people.models import CompanyRole, Reach, Team, User
from core.people.operations import change_roles
from core.people.reshaping import MoreThanOneHas, NoSuchReach, create_role, update_role
from core.people.roles import Role
from core.people.teams import OwnTeam, TeamNameTaken, create_team, dissolve_team, update_team
from core.people.visibility import reach_of, scopes, seen_by
from core.web.lists import ListScreen
from core.web.lookups import _lookups
from core.web.registry import screens
from frontoffice.crm.models import Lead
from frontoffice.crm.operations import create_lead
from frontoffice.sales.models import Order
from tests.addresses import Address, addresses
from tests.architecture.code import expect_none
from tests.factories.ground import make_user
from tests.factories.house import make_house
from tests.factories.reach import Side, make_seller, make_side, narrow_sellers
from tests.signing import confirmed

NARROWED = [model for model in apps.get_models() if hasattr(model._default_manager.all(), "visible_to")]
OF_ONESELF = {"approvals.Approval", "jobs.Job", "imports.ImportRun", "notifications.Notification", "web.SavedView"}
"""Rows that are somebody's own by nature, whatever a role's reach."""
HIDDEN = {403, 404, 405}


@pytest.fixture
def mine(db: None) -> Side:
    make_house()
    return make_side("Dewi Lestari", "Kancil")


@pytest.fixture
def theirs(mine: Side) -> Side:
    return make_side("Eko Saputra", "Zebrawood")


@pytest.fixture
def boss(mine: Side) -> User:
    return make_user(Role.OWNER)


def again(user: User) -> User:
    """As the next request reads them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.slow
def test_every_kind_of_row_is_narrowed_to_ones_own(mine: Side, theirs: Side, boss: User) -> None:
    wide = {model: set(seen_by(model._default_manager.all(), again(mine.seller)).values_list("pk", flat=True)) for model in NARROWED}
    narrow_sellers(Reach.OWN, boss)
    me = again(mine.seller)
    for model in NARROWED:
        if model._meta.label in OF_ONESELF:
            continue
        own, other = mine.records[model], theirs.records[model]
        seen = set(seen_by(model._default_manager.all(), me).values_list("pk", flat=True))
        assert (own.pk in seen, other.pk in seen) == (True, False), model
        assert {own.pk, other.pk} <= wide[model], model


def test_what_nobody_has_taken_yet_is_everybodys(mine: Side, theirs: Side, boss: User) -> None:
    free = create_lead(name="Free", company_name="CV Free", email="", by=boss)
    narrow_sellers(Reach.OWN, boss)
    assert set(Lead.objects.visible_to(again(mine.seller))) == {mine.records[Lead], free}


def test_a_team_sees_each_other_and_the_widest_role_counts(mine: Side, theirs: Side, boss: User) -> None:
    narrow_sellers(Reach.TEAM, boss)
    assert list(Order.objects.visible_to(again(mine.seller))) == [mine.records[Order]]
    team = create_team(name="Jakarta", lead=theirs.seller, members=[mine.seller], by=boss)
    both = {mine.records[Order], theirs.records[Order]}
    assert set(Order.objects.visible_to(again(mine.seller))) == both
    assert set(Order.objects.visible_to(again(theirs.seller))) == both
    update_team(team, members=[], by=boss)
    assert list(Order.objects.visible_to(again(mine.seller))) == [mine.records[Order]]
    update_team(team, members=[mine.seller], by=boss)
    dissolve_team(team, by=boss)
    assert list(Order.objects.visible_to(again(mine.seller))) == [mine.records[Order]]
    change_roles(mine.seller, [Role.SALES, Role.ACCOUNTANT], by=boss)
    assert set(Order.objects.visible_to(again(mine.seller))) == both


def test_teams_have_names_of_their_own_and_nobody_joins_by_themselves(mine: Side, boss: User) -> None:
    create_team(name="Jakarta", by=boss)
    with pytest.raises(TeamNameTaken):
        create_team(name="jakarta", by=boss)
    with pytest.raises(OwnTeam):
        create_team(name="Mine", members=[mine.seller], by=mine.seller)
    assert list(Team.objects.values_list("name", flat=True)) == ["Jakarta"]


def test_a_reach_is_known_and_never_wider_than_ones_own(mine: Side, boss: User) -> None:
    role = CompanyRole.objects.named().get(group__name=Role.SALES)
    for reaches in ({"crm.deal": "galaxy"}, {"people.user": "own"}):
        with pytest.raises(NoSuchReach):
            update_role(role, reaches=reaches, by=boss)
    narrow_sellers(Reach.OWN, boss)
    rights = ["people.update_role", "crm.view_deal"]
    create_role(name="Keeper", rights=rights, reaches={"crm.deal": Reach.OWN}, by=boss)
    keeper = make_seller("Kiki", "Keeper")
    keeper.groups.set(Group.objects.filter(name="keeper"))
    with pytest.raises(MoreThanOneHas):
        update_role(role, reaches={"crm.deal": Reach.ALL}, by=again(keeper))
    assert reach_of(again(mine.seller), "crm.deal") == Reach.OWN


def test_the_rule_is_one_plain_filter(mine: Side, boss: User) -> None:
    """No row is looked at in Python: the statement alone narrows, by whose the row is."""
    narrow_sellers(Reach.OWN, boss)
    said = str(Order.objects.visible_to(again(mine.seller)).query)
    assert said.endswith(f'WHERE "sales_order"."owner_id" = {mine.seller.pk}')


def pages() -> Iterator[str]:
    """Every address without a parameter: lists, boards, reports, home; with their exports."""
    for address in addresses():
        if not address.parameters and not address.pattern.startswith(("static", "admin/logout", "sign-out")):
            yield address.filled()
    for name, screen in screens():
        if issubclass(screen, ListScreen) and not screen.__module__.startswith("tests"):
            for kind in ("csv", "xlsx"):
                yield f"{reverse(name)}?export={kind}&state=all"
            yield f"{reverse(name)}?state=all"


def searches(word: str) -> Iterator[str]:
    """Every place where words are looked for."""
    yield from (f"/search/?q={word}", f"/palette/?q={word}")
    yield from (f"/lookup/{kind}/?q={word}" for kind in _lookups)
    for address in addresses():
        if address.pattern.startswith("api/v1/") and not address.parameters:
            yield f"{address.filled()}?search={word}"


def said_by(client: Client, address: str) -> str:
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace") if answer.status_code != 404 else ""


@pytest.mark.slow
def test_no_page_list_report_export_or_search_shows_what_is_others(mine: Side, theirs: Side, boss: User, client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(mine.seller)
    everywhere = [*pages(), *searches(theirs.word)]
    before = [address for address in everywhere if theirs.word.encode() in client.get(address).getvalue()]
    assert len(before) > 20  # with all in reach the other's things do show: the search would find them
    narrow_sellers(Reach.OWN, boss)
    leaks = []
    for address in everywhere:
        said = said_by(client, address).replace(f"?q={theirs.word}", "")
        told = [word for word in theirs.words if word in said.replace(f'value="{theirs.word}"', "")]
        if told and not (told == [theirs.word] and address.startswith(("/search", "/palette"))):
            leaks.append(f"{address} tells of {told}")
    expect_none(leaks)


def about_records() -> list[Address]:
    narrowed = {model for model in NARROWED if model._meta.label not in OF_ONESELF}
    return [address for address in addresses() if address.is_about_a_record and address.model in narrowed]


@pytest.mark.slow
def test_another_ones_record_is_not_there_in_any_address(mine: Side, theirs: Side, boss: User, client: Client) -> None:
    narrow_sellers(Reach.OWN, boss)
    client.raise_request_exception = False
    client.force_login(mine.seller)
    wrong, opened = [], 0
    for address in about_records():
        assert address.model is not None
        for side, hidden in ((theirs, True), (mine, False)):
            key = side.records[address.model].pk
            at = address.filled({"pk": key, "object_id": key})
            for ask in (client.get, client.post, client.patch, client.delete) if hidden else (client.get,):
                status = ask(at, content_type="application/json").status_code if ask != client.get else ask(at).status_code
                opened += not hidden and status == 200
                if hidden and status not in HIDDEN and not (status == 302 and at.startswith("/admin/")):
                    wrong.append(f"{ask.__name__} {at} answered {status}")
    assert opened > 30
    expect_none(wrong)


def test_files_notes_and_timelines_follow_their_record(mine: Side, theirs: Side, boss: User, client: Client) -> None:
    narrow_sellers(Reach.OWN, boss)
    client.force_login(mine.seller)
    for side, status in ((mine, 200), (theirs, 404)):
        order, file = side.records[Order], next(one for one in side.records.values() if one._meta.label == "files.Attachment")
        about = {"kind": "sales.order", "object_id": order.pk}
        assert client.get(f"/files/{file.pk}/").status_code == status
        assert client.get(f"/api/v1/attachments/{file.pk}/download/").status_code == status
        assert client.get("/api/v1/attachments/", about).status_code == status
        assert client.get("/api/v1/notes/", about).status_code == status
        assert client.get("/api/v1/changes/", about).status_code == status
        assert client.get("/api/v1/related-documents/", about).status_code == status
        assert client.get(f"/api/v1/timelines/{side.records[Party].pk}/").status_code == status
        found = client.get("/api/v1/search/", {"q": side.word}).json()
        assert bool(found) == (status == 200), found
        assert client.post(f"/notes/sales.order/{order.pk}/", {"body": "Hello"}).status_code == (302 if status == 200 else 404)


def test_keys_of_others_are_refused_in_a_query_and_a_body(mine: Side, theirs: Side, boss: User, client: Client) -> None:
    narrow_sellers(Reach.OWN, boss)
    client.force_login(mine.seller)
    party, deal = theirs.records[type(mine.records[Order].customer)], theirs.records[apps.get_model("crm.deal")]  # type: ignore[attr-defined]
    assert client.get("/api/v1/orders/", {"customer": party.pk}).json()["results"] == []
    product = mine.records[Order].lines.get().product_id  # type: ignore[attr-defined]
    body = {"customer": party.pk, "lines": [{"product": product, "quantity": "1"}]}
    answer = client.post("/api/v1/orders/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 409
    assert "customer" in answer.content.decode()
    rows = client.post("/api/v1/orders/bulk/", json.dumps({"rows": [body]}), content_type="application/json").json()
    assert (rows["created"], rows["results"][0]["status"]) == (0, 409)
    typed = {
        "customer": str(party.pk),
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": str(product),
        "lines-0-quantity": "1",
    }
    page = client.post("/sales/orders/new/", typed)
    assert page.status_code == 422
    assert theirs.word not in page.content.decode()
    bulk = client.post("/crm/deals/bulk/lose/", {"chosen": [deal.pk]})
    assert bulk.status_code in {404, 403, 422, 400, 302, 200}
    deal.refresh_from_db()
    assert deal.status == "open"  # type: ignore[attr-defined]
    assert Order.objects.filter(customer=party).count() == 1


def test_what_is_others_does_not_come_along_with_ones_own(mine: Side, theirs: Side, boss: User, client: Client) -> None:
    update_party(mine.records[Party], owner=theirs.seller, by=boss)  # type: ignore[arg-type]
    client.force_login(mine.seller)
    address = f"/api/v1/orders/{mine.records[Order].pk}/?expand=customer"
    assert client.get(address).json()["expanded"]["customer"]["name"] == f"PT {mine.word}"
    narrow_sellers(Reach.OWN, boss)
    assert client.get(address).json()["expanded"] == {"customer": None}


def test_every_scope_is_one_the_page_of_a_role_can_narrow(mine: Side, boss: User, client: Client) -> None:
    confirmed(client, boss)
    role = CompanyRole.objects.named().get(group__name=Role.SALES)
    page = client.get(f"/people/roles/{role.pk}/edit/").content.decode()
    assert [scope.noun for scope in scopes() if f'name="reaches-{scope.noun}"' not in page] == []
    form = client.get(f"/people/roles/{role.pk}/edit/").context["form"].initial
    entries = {"name": "Sales", "meaning": role.meaning, "rights": form["rights"], "reaches-crm.deal": "own", "_version": role.version}
    assert client.post(f"/people/roles/{role.pk}/edit/", entries).status_code == 302
    role.refresh_from_db()
    assert role.reaches == {"crm.deal": "own"}
    assert "Sees only a part of" in client.get(f"/people/roles/{role.pk}/").content.decode()


def test_teams_are_made_on_their_page_and_through_the_api(mine: Side, boss: User, client: Client) -> None:
    confirmed(client, boss)
    assert client.post("/people/teams/new/", {"name": "Jakarta", "lead": boss.pk, "members": [mine.seller.pk]}).status_code == 302
    team = Team.objects.get()
    assert set(team.members.values_list("user", flat=True)) == {boss.pk, mine.seller.pk}
    for address in (
        "/people/teams/",
        f"/people/teams/{team.pk}/",
        f"/people/teams/{team.pk}/edit/",
        f"/admin/people/team/{team.pk}/change/",
    ):
        assert "Jakarta" in client.get(address).content.decode()
    made = client.post("/api/v1/teams/", {"name": "Bali", "members": [mine.seller.pk]}, content_type="application/json")
    assert (made.status_code, made.json()["members"]) == (201, [mine.seller.pk])
    gone = client.post(f"/api/v1/teams/{made.json()['id']}/dissolve/", {}, content_type="application/json")
    assert gone.json()["retired_at"] is not None
    client.force_login(mine.seller)
    assert client.get("/people/teams/").status_code == 403
