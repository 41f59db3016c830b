"""What is earned on goods: whoever may not see what they cost meets neither it nor what it could be worked out of, also with the books open.

`test_hidden_fields.py` walks every face in search of it; here stand the places where it could be worked out, one by one.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.finance.models import Account, JournalEntry, JournalLine, Purpose
from backoffice.finance.models.accounts import TELLS_COST
from backoffice.inventory.models import DeliveryOrder, Valuation
from backoffice.inventory.operations import ReceivedLine, deliver_all, receive_goods
from core import clock
from core.effects.models import Effect
from core.events import Event
from core.events.models import Record
from core.files.models import Attachment
from core.files.operations import attach
from core.imports.models import ImportRun
from core.jobs.worker import work_jobs
from core.notes.operations import write_note
from core.parties.models import Party
from core.people.models import User
from core.people.operations import create_user
from core.people.reshaping import choosable, create_role
from core.people.roles import Role
from core.people.visibility import seen_by
from core.privacy.operations import export_person, receive_request
from integration.delivery import drain
from integration.models import Drift, Endpoint
from integration.reconciling import reconcile
from integration.webhooks.operations import BadConditions, MoreThanYouSee, change_endpoint, create_endpoint
from integration.webhooks.schemas import schema_of
from integration.webhooks.sending import body_of
from tests.architecture.code import expect_none
from tests.everywhere import digits_of, said_at
from tests.factories.ground import make_customer, make_product, make_user
from tests.factories.house import make_house
from tests.factories.programs import api_of
from tests.factories.sales import make_confirmed_order

PRICE, COST = Decimal(99_999_999), Decimal("83174629.51")
TELLING = {"cost": "8317462951", "margin": "1682536949"}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MARGIN_ON_PAGES = ("Gross profit", "Total cost of goods", "Result", "Result of this year", "Total equity", "Equity")


@pytest.fixture
def boss(db: None) -> User:
    """Hendra, after one desk was sold with a margin of 16,825,369.49."""
    make_house()
    desk = make_product("DESK-140", list_price=PRICE)
    receive_goods(lines=[ReceivedLine(product_id=desk.pk, quantity=Decimal(3), unit_cost=COST)], by=User.objects.service())
    make_confirmed_order(make_customer(), [(desk, 1)])
    drain()
    deliver_all(DeliveryOrder.objects.get(), by=User.objects.service())
    drain()
    return make_user(Role.OWNER)


@pytest.fixture
def blind(boss: User) -> User:
    """Somebody with every right there is, the books included, but to see what goods cost."""
    create_role(name="Blind", rights=set(choosable()) - {"catalog.view_cost"}, by=boss)
    user = create_user(email="blind@nusantara.example", name="Blind", roles=["blind"], password=None, by=boss)
    return User.objects.get(pk=user.pk)


def told(said: str) -> list[str]:
    digits = digits_of(said)
    return [word for word, figure in TELLING.items() if figure in digits]


def hooks(boss: User) -> Endpoint:
    return create_endpoint(name="Theirs", url="https://shop.example/", event_types=["*"], secret=SECRET, by=boss)


def pages() -> Iterator[str]:
    year = clock.today().year
    for compare in ("", "&compare=year"):
        yield f"/finance/reports/profit-and-loss/?start={year}-01-01&end={year}-12-31{compare}"
        yield f"/finance/reports/balance-sheet/?on={year}-12-31{compare}"


def test_the_statements_leave_out_what_is_worked_out_of_cost_and_say_so(boss: User, blind: User, client: Client) -> None:
    for user, sees in ((boss, True), (blind, False)):
        client.force_login(user)
        for address in pages():
            said = said_at(client, address)
            assert any(f">{words}<" in said for words in MARGIN_ON_PAGES) == sees, address
            assert ("without what goods cost" in said) != sees
            assert 'class="report' in said or "<table" in said, address
    year = clock.today().year
    figures = client.get(f"/api/v1/reports/profit-and-loss/?start={year}-01-01&end={year}-12-31").json()
    assert set(figures) == {"start", "end", "currency", "income", "expenses"}
    assert Decimal(figures["income"]["total"]) == PRICE
    assert set(client.get(f"/api/v1/reports/balance-sheet/?on={year}-12-31").json()) == {
        "on",
        "currency",
        "assets",
        "liabilities",
        "equity",
    }
    client.force_login(boss)
    whole = client.get(f"/api/v1/reports/profit-and-loss/?start={year}-01-01&end={year}-12-31").json()
    assert Decimal(whole["gross_profit"]) == PRICE - COST


def test_a_token_sees_no_more_than_its_owner_does_on_the_page(boss: User, blind: User) -> None:
    year = clock.today().year
    for address in ("reports/trial-balance/", "reports/profit-and-loss/", "journal-entries/", "accounts/"):
        asked = f"/api/v1/{address}" + (f"?start={year}-01-01&end={year}-12-31" if "reports" in address else "")
        assert told(api_of(blind).get(asked).content.decode()) == [], address
    assert told(api_of(boss).get(f"/api/v1/reports/trial-balance/?end={year}-12-31").content.decode()) == ["cost"]


def test_the_accounts_and_entries_that_tell_are_not_there(boss: User, blind: User, client: Client) -> None:
    telling = set(Account.objects.filter(purpose__in=TELLS_COST))
    assert len(telling) == len(TELLS_COST)
    assert set(Account.objects.all()) - set(seen_by(Account.objects.all(), blind)) == telling
    assert set(seen_by(Account.objects.all(), boss)) == set(Account.objects.all())
    hidden = JournalEntry.objects.filter(source_kind__startswith="inventory.")
    assert hidden.count() == 2
    seen = seen_by(JournalEntry.objects.all(), blind)
    assert set(seen) == set(JournalEntry.objects.exclude(pk__in=hidden))
    assert {line.entry for line in seen_by(JournalLine.objects.all(), blind)} == set(seen)
    client.force_login(blind)
    for record in (Account.objects.get(purpose=Purpose.COST_OF_GOODS), hidden.first()):
        assert record is not None
        where = "accounts" if isinstance(record, Account) else "entries"
        assert client.get(f"/finance/{where}/{record.pk}/").status_code == 404
        resource = "accounts" if isinstance(record, Account) else "journal-entries"
        assert client.get(f"/api/v1/{resource}/{record.pk}/").status_code == 404
    cost = Account.objects.get(purpose=Purpose.COST_OF_GOODS)
    year = clock.today().year
    span = f"start={year}-01-01&end={year}-12-31&account={cost.pk}"
    assert client.get(f"/api/v1/reports/general-ledger/?{span}").status_code == 409
    assert "Select a valid choice" in said_at(client, f"/finance/reports/general-ledger/?{span}")
    lines = [{"account": cost.pk, "amount": "5"}, {"account": Account.objects.get(purpose=Purpose.BANK).pk, "amount": "-5"}]
    body = {"on": str(clock.today()), "memo": "x", "lines": lines}
    assert client.post("/api/v1/journal-entries/", json.dumps(body), content_type="application/json").status_code == 409


def test_files_and_notes_on_what_is_not_there_are_not_there_either(boss: User, blind: User, client: Client) -> None:
    entry = JournalEntry.objects.filter(source_kind__startswith="inventory.").first()
    assert entry is not None
    note = write_note("finance.journalentry", entry.pk, "Too dear", by=boss)
    file = attach("finance.journalentry", entry.pk, SimpleUploadedFile("cost.txt", b"83174629.51"), by=boss)
    about = {"kind": "finance.journalentry", "object_id": entry.pk}
    for user, status in ((boss, 200), (blind, 404)):
        client.force_login(user)
        assert client.get("/api/v1/notes/", about).status_code == status
        assert client.get(f"/api/v1/attachments/{file.pk}/download/").status_code == status
    assert note not in seen_by(type(note).objects.all(), blind)


def test_the_home_page_tells_the_result_to_those_who_may_see_what_goods_cost(boss: User, blind: User, client: Client) -> None:
    for user, sees in ((boss, True), (blind, False)):
        client.force_login(user)
        said = said_at(client, "/")
        assert ("Result this month" in said, "Customers owe" in said) == (sees, True)


def test_no_webhook_tells_it_for_somebody_who_may_not_see_it(boss: User, blind: User, client: Client) -> None:
    theirs = hooks(boss)
    mine = create_endpoint(name="Mine", url="https://shop.example/", event_types=["*"], secret=SECRET, by=blind)
    record = Record.objects.filter(type="inventory.StockValued").latest("pk")
    receive_goods(
        lines=[ReceivedLine(product_id=Valuation.objects.get().product_id, quantity=Decimal(1), unit_cost=COST)], by=User.objects.service()
    )
    said = {
        effect.about_id: effect for effect in Effect.objects.filter(kind="webhook", payload__subject__startswith="inventory.StockValued")
    }
    assert "amount" in json.loads(body_of(said[theirs.pk], theirs))["data"]
    kept = json.loads(body_of(said[mine.pk], mine))["data"]
    assert "amount" not in kept
    assert kept["currency"] == record.payload["currency"]
    client.force_login(blind)
    assert told(said_at(client, f"/console/outgoing/{said[theirs.pk].pk}/")) == []
    for change in ({"url": "https://evil.example/"}, {"event_types": ["inventory.*"]}):
        with pytest.raises(MoreThanYouSee):
            change_endpoint(theirs, **change, by=blind)
    assert change_endpoint(theirs, url="https://shop.example/2", by=boss).url == "https://shop.example/2"
    with pytest.raises(BadConditions):
        change_endpoint(mine, conditions={"amount": "83174629.5100"}, by=blind)
    assert change_endpoint(mine, conditions={"currency": "IDR"}, by=blind).conditions == {"currency": "IDR"}
    schema = schema_of(Event.registry[record.type])["properties"]["data"]
    assert "amount" in schema["properties"]
    assert "amount" not in schema["required"]


def test_a_file_with_costs_is_not_shown_to_whoever_looks_after_imports(boss: User, client: Client) -> None:
    keeper, it = make_user(Role.STOREKEEPER), make_user(Role.IT)
    content = f"SKU;Quantity;Cost\nDESK-140;1;{COST}\n".encode()
    client.force_login(keeper)
    client.post("/imports/new/inventory.opening/", {"file": SimpleUploadedFile("opening.csv", content)})
    run = ImportRun.objects.get()
    client.force_login(boss)
    assert client.get(f"/api/v1/imports/{run.pk}/").status_code == 200
    client.force_login(it)
    for address in (f"/imports/{run.pk}/", f"/imports/{run.pk}/columns/", f"/api/v1/imports/{run.pk}/", f"/api/v1/imports/{run.pk}/rows/"):
        assert client.get(address).status_code == 404, address
    assert "opening.csv" not in said_at(client, "/imports/")
    file = Attachment.objects.get(kind="imports.importrun")
    assert client.get(f"/files/{file.pk}/").status_code == 404


def test_drift_is_told_without_what_stock_is_worth(boss: User, client: Client) -> None:
    Valuation.objects.update(value=Decimal("83174629.51"))
    reconcile()
    drift = Drift.objects.filter(rule__contains="value").first()
    assert drift is not None
    client.force_login(make_user(Role.IT))
    for address, rule in (
        ("/console/drift/?state=all&cols=row,rule,expected,actual,message", "sum of the moves"),
        ("/api/v1/drifts/", "sum of the moves"),
        ("/admin/integration/drift/", "sum of its moves"),
    ):
        said = said_at(client, address)
        assert (rule in said, told(said)) == (True, []), address
    client.force_login(boss)
    assert "cost" in told(said_at(client, "/api/v1/drifts/"))


def test_whom_we_give_out_what_we_know_of_them_does_not_learn_what_their_goods_cost(boss: User) -> None:
    request = receive_request(kind="export", party=_a_person(), by=boss)
    export_person(request, by=boss)
    work_jobs()
    file = Attachment.objects.get(kind="jobs.job")
    with file.file.open("rb") as content, zipfile.ZipFile(io.BytesIO(content.read())) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    assert {"finance.JournalLine.json", "finance.Invoice.json", "events.json"} <= set(files)
    expect_none(f"{name} tells the {found}" for name, words in files.items() if (found := told(words)))


def _a_person() -> Party:
    """The customer, as if it were a person: only of persons anything is given out."""
    party = Party.objects.get(name="PT Fajar Teknologi")
    Party.objects.filter(pk=party.pk).update(kind=Party.Kind.PERSON)
    party.refresh_from_db()
    return party
