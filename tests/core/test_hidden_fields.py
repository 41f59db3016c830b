"""What goods cost, what is earned on them, and where money is paid to: on no face of the product for those who may not see it."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from rest_framework.test import APIClient

from backoffice.inventory.models import DeliveryOrder, Receipt, ReceiptLine, StockLevel, StockMove, Valuation
from backoffice.inventory.operations import ReceivedLine, adjust_stock, deliver_all, plan_receipt, receive_goods
from core.catalog.models import Product
from core.events.models import Record
from core.parties.banking import add_bank_account, change_bank_account
from core.parties.company import update_company
from core.parties.models import Company
from core.people.hiding import hides, needed_for, payload_for, rules
from core.people.models import User
from core.people.operations import create_user
from core.people.reshaping import choosable, create_role
from core.people.roles import Role
from integration.delivery import drain
from tests.architecture.code import expect_none
from tests.everywhere import digits_of, everywhere, said_at
from tests.factories.approvals import asked_for, demand
from tests.factories.ground import make_customer, make_product, make_user
from tests.factories.house import make_house
from tests.factories.sales import make_confirmed_order
from tests.signing import confirmed

COST = Decimal("83174629.51")
DIGITS = "8317462951"
BANK = "Canary Bank 555-83-77"
PRICE = Decimal(99_999_999)
MARGIN = "1682536949"
GUARDED = {"catalog.view_cost", "parties.view_bank_details"}


@pytest.fixture
def boss(db: None) -> User:
    make_house()
    by = User.objects.service()
    desk = make_product("DESK-140", list_price=PRICE)
    line = ReceivedLine(product_id=desk.pk, quantity=Decimal(1), unit_cost=COST)
    receive_goods(lines=[line], by=by)
    plan_receipt(lines=[line], by=by)
    adjust_stock(desk, difference=Decimal(1), unit_cost=COST, reason="Found", by=by)
    company = Company.objects.current()
    update_company(company, name=company.party.name, bank_details=BANK, by=by)
    update_company(company, name=company.party.name, bank_details=f"{BANK} again", by=by)
    account = add_bank_account(company.party, holder=BANK, bank=BANK, number="1", currency="IDR", by=by)
    change_bank_account(account, holder=f"{BANK} again", by=by)
    make_confirmed_order(make_customer(), [(desk, 1)])
    drain()
    deliver_all(DeliveryOrder.objects.get(), by=by)
    drain()
    owner = make_user(Role.OWNER)
    make_user(Role.ACCOUNTANT)
    demand("parties.change_bank_account")
    asked_for(lambda: change_bank_account(account, bank=f"{BANK} then", by=owner))
    return owner


@pytest.fixture
def blind(boss: User) -> User:
    """Somebody who may do everything, the books included, but see what is hidden."""
    create_role(name="Blind", rights=set(choosable()) - GUARDED, by=boss)
    user = create_user(email="blind@nusantara.example", name="Blind", roles=["blind"], password=None, by=boss)
    return User.objects.get(pk=user.pk)


def shows(client: Client, address: str) -> list[str]:
    """Which hidden values an address tells, however they are written."""
    said = said_at(client, address)
    digits = digits_of(said)
    return [word for word in (DIGITS[:8], MARGIN[:8], BANK) if word in (said if word == BANK else digits)]


def addresses_that_could_tell() -> Iterator[str]:
    """Every page, list, export, resource and record, and what finds by words."""
    yield from everywhere()
    yield from (f"/search/?q={DIGITS}", f"/palette/?q={DIGITS}", "/search/?q=Canary", "/palette/?q=Canary")
    record = Record.objects.filter(type="inventory.StockValued").latest("pk")
    yield from (f"/api/v1/records/{record.pk}/", f"/console/records/{record.pk}/", f"/customer360/why/{record.pk}/")


@pytest.mark.slow
def test_what_is_hidden_stands_on_no_face(boss: User, blind: User, client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(boss)
    met = [address for address in addresses_that_could_tell() if shows(client, address)]
    assert len(met) > 15  # whoever may see it meets it everywhere
    client.force_login(blind)
    told = {address: shows(client, address) for address in addresses_that_could_tell()}
    searched = {address: found for address, found in told.items() if found and "?q=" not in address}
    expect_none([f"{address} tells {found}" for address, found in searched.items()])


def test_every_rule_names_a_field_and_a_permission_there_is(boss: User) -> None:
    known = choosable()
    for kind, fields in rules().items():
        model = apps.get_model(kind)
        for name, needed in fields.items():
            assert needed in known, needed
            assert hasattr(model, name), f"{kind}.{name}"
            assert needed_for(model, name) == needed


def test_a_rule_is_met_over_every_path(blind: User, boss: User) -> None:
    for model, path in (
        (StockLevel, "product.valuation.average"),
        (Receipt, "lines__unit_cost"),
        (Product, "stock_moves__value"),
        (Valuation, "-value"),
    ):
        assert hides(blind, model, path)
        assert not hides(boss, model, path)
    assert not hides(blind, StockMove, "quantity")


def test_the_description_of_the_api_promises_to_nobody_what_they_may_not_see() -> None:
    shapes = APIClient().get("/api/schema/?format=json").json()["components"]["schemas"]
    guarded = {(apps.get_model(kind).__name__, field) for kind, fields in rules().items() for field in fields}
    assert [pair for pair in guarded if pair[1] not in shapes[pair[0]]["properties"]] == []
    assert [pair for pair in guarded if pair[1] in shapes[pair[0]]["required"]] == []
    assert {"gross_profit", "result"}.isdisjoint(shapes["ProfitAndLoss"]["required"])
    assert "message" in shapes["Attempt"]["required"]  # which message was sent, not what a drift says


def test_nothing_is_sorted_filtered_or_grouped_by_what_is_hidden(boss: User, blind: User, client: Client) -> None:
    other = make_product("CHAIR-ERG")
    receive_goods(lines=[ReceivedLine(product_id=other.pk, quantity=Decimal(1), unit_cost=Decimal(1))], by=User.objects.service())
    asks = ("?sort=value", "?sort=-value", "?where=value~gte~100", "?group=value", "?cols=value,document_number")
    client.force_login(blind)
    plain = [line.row.pk for line in client.get("/inventory/moves/").context["lines"]]
    for ask in asks:
        page = client.get(f"/inventory/moves/{ask}")
        if "where" not in ask:
            assert [line.row.pk for line in page.context["lines"]] == plain, ask
        assert "Change of value" not in page.content.decode()
    for ask in ("ordering=value", "ordering=-value", "value__gte=100", "fields=value"):
        assert client.get(f"/api/v1/stock-values/?{ask}").status_code == 400, ask
    assert {"value", "average"}.isdisjoint(client.get("/api/v1/stock-values/").json()["results"][0])
    assert client.get("/admin/inventory/stockmove/?value__gte=100").status_code in {302, 400, 403}
    client.force_login(boss)
    assert "value" in client.get("/api/v1/stock-values/").json()["results"][0]


def test_who_may_not_see_a_field_may_not_write_it(boss: User, blind: User, client: Client) -> None:
    confirmed(client, blind)
    desk = Product.objects.get(sku="DESK-140")
    company = Company.objects.current()

    def post(address: str, body: dict[str, object]) -> int:
        return client.post(address, json.dumps(body), content_type="application/json").status_code

    moves = StockMove.objects.count()
    assert post("/api/v1/receipts/", {"lines": [{"product": desk.pk, "quantity": "1", "unit_cost": "5"}]}) == 403
    assert post("/api/v1/stock-adjustments/", {"product": desk.pk, "difference": "1", "unit_cost": "5", "reason": "Found"}) == 400
    assert post(f"/api/v1/company/{company.pk}/update-letterhead/", {"name": "PT", "bank_details": "Mine"}) == 400
    assert client.get("/inventory/receipts/new/").status_code == 403
    form = client.get(f"/parties/company/{company.pk}/edit/")
    assert "bank_details" not in form.context["form"].fields
    entries = {name: form.context["form"].initial.get(name) or "" for name in form.context["form"].fields}
    entries |= {"document_footer": "Seen", "bank_details": "Mine", "_version": company.version}
    assert client.post(f"/parties/company/{company.pk}/edit/", entries).status_code == 302
    company.refresh_from_db()
    assert (company.bank_details, company.document_footer) == (f"{BANK} again", "Seen")
    assert (StockMove.objects.count(), ReceiptLine.objects.filter(unit_cost=5).count()) == (moves, 0)


def test_an_event_tells_only_what_somebody_may_see(boss: User, blind: User, client: Client) -> None:
    record = Record.objects.filter(type="inventory.StockValued").latest("pk")
    assert "amount" in payload_for(boss, record.type, record.payload)
    told = payload_for(blind, record.type, record.payload)
    assert "amount" not in told
    assert told["document_number"] == record.payload["document_number"]
    client.force_login(blind)
    for fields, names in (("type", {"id", "type"}), ("payload", {"id", "payload"})):
        answer = client.get(f"/api/v1/records/{record.pk}/?fields={fields}").json()
        assert set(answer) == names
        assert "amount" not in answer.get("payload", {})


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.OWNER, True), (Role.AUDITOR, True), (Role.ACCOUNTANT, True), (Role.STOREKEEPER, True),
        (Role.SALES, False), (Role.SUPPORT, False), (Role.MARKETING, False), (Role.HR, False), (Role.IT, False),
    ],
)  # fmt: skip
def test_the_standard_roles_see_costs_where_their_work_needs_them(db: None, role: Role, sees: bool) -> None:
    user = create_user(email="x@nusantara.example", name="X", roles=[role], password=None, by=User.objects.service())
    assert user.has_perm("catalog.view_cost") == sees
    assert user.has_perm("parties.view_bank_details") == (role in {Role.OWNER, Role.AUDITOR, Role.ACCOUNTANT})
