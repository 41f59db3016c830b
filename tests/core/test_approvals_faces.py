"""What waits for a second person, as pages, programs, clerks and files meet it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from backoffice.finance.invariants import invariants
from backoffice.finance.models import Account, JournalEntry, Purpose
from backoffice.finance.operations import void_payment
from core import clock
from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import approve_request, decline_request, demand_second, withdraw_request
from core.imports.models import ExternalId, ImportRow, ImportRun
from core.imports.operations import match_columns, revert_import, start_import, upload_table
from core.jobs.worker import work_jobs
from core.parties.company import update_company
from core.parties.models import BankAccount, Company
from core.people.models import User
from core.people.operations import change_roles
from core.people.roles import Role
from core.tokens.models import Token
from core.tokens.operations import create_service
from tests.factories.approvals import asked_for, demand, make_colleague
from tests.factories.finance import make_payment
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house
from tests.factories.programs import api_of, confirmed_api_of
from tests.signing import confirmed

IBAN = "DE89370400440532013000"


@pytest.fixture
def house(db: None) -> Company:
    return make_house()


@pytest.fixture
def siti(house: Company) -> User:
    """Who keeps the books."""
    return make_user(Role.ACCOUNTANT)


@pytest.fixture
def hendra(house: Company) -> User:
    """The owner."""
    return make_user(Role.OWNER)


def entry(memo: str = "Rent", amount: str = "500") -> dict[str, Any]:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose=Purpose.BANK)
    lines = [{"account": rent.pk, "amount": amount, "memo": ""}, {"account": bank.pk, "amount": f"-{amount}", "memo": ""}]
    return {"on": clock.today().isoformat(), "memo": memo, "lines": lines}


def typed(memo: str = "Rent", amount: str = "500") -> dict[str, Any]:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose=Purpose.BANK)
    return {
        "on": clock.today().isoformat(), "memo": memo, "lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 0,
        "lines-0-account": rent.pk, "lines-0-debit": amount, "lines-1-account": bank.pk, "lines-1-credit": amount,
    }  # fmt: skip


# -- Pages -------------------------------------------------------------------------------------------------------------
def test_a_page_leads_to_what_waits_and_the_checker_does_it_there(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    client.force_login(siti)
    answer = client.post("/finance/entries/new/", typed(), follow=True)
    approval = Approval.objects.get()
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/approvals/{approval.pk}/", 302)]
    assert "This waits for a second person now: Post an entry by hand: Rent." in page
    assert "6-1200 Sewa" in page
    assert "Debit" in page
    assert "Withdraw" in page
    assert f"/approvals/{approval.pk}/approve/" not in page
    assert client.post(f"/approvals/{approval.pk}/approve/").status_code == 403

    confirmed(client, hendra)
    assert re.search(r"Approvals.*?Rent", client.get("/approvals/").content.decode(), re.DOTALL)
    assert client.get("/counters/").json()["approvals:approvals"] == 1
    assert f"/approvals/{approval.pk}/approve/" in client.get(f"/approvals/{approval.pk}/").content.decode()
    client.post(f"/approvals/{approval.pk}/approve/", {"_version": approval.version})
    posted = JournalEntry.objects.get()
    assert (posted.created_by, posted.approved_by) == (siti, hendra)
    assert f"/finance/entries/{posted.pk}/" in client.get(f"/approvals/{approval.pk}/").content.decode()
    assert client.get("/counters/").json().get("approvals:approvals", 0) == 0
    assert "Hendra Gunawan" in client.get(f"/finance/entries/{posted.pk}/").content.decode()


def test_what_is_wrong_is_said_at_once_and_keeps_what_was_typed(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    client.force_login(siti)
    answer = client.post("/finance/entries/new/", typed() | {"lines-1-credit": "400"})
    assert answer.status_code == 422
    assert "Debits and credits differ by 100." in answer.content.decode()
    assert not Approval.objects.exists()


def test_a_dialog_leads_there_too(client: Client, siti: User, hendra: User) -> None:
    payment = make_payment(make_customer(), 1000, on=clock.today())
    demand("finance.void_payment")
    client.force_login(siti)
    facts = {"reason": "Bounced", "on": clock.today().isoformat(), "_version": payment.version}
    answer = client.post(f"/finance/payments/{payment.pk}/void/", facts, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/approvals/{Approval.objects.get().pk}/")
    again = client.post(f"/finance/payments/{payment.pk}/void/", facts, headers={"HX-Request": "true"})
    assert again.status_code == 422
    assert "waits for a second person already" in again.content.decode()


def test_many_at_once_are_told_one_by_one(client: Client, siti: User, hendra: User) -> None:
    customer = make_customer()
    payments = [make_payment(customer, 1000, on=clock.today()) for _count in range(2)]
    void_payment(payments[1], reason="Before", by=User.objects.service())
    demand("finance.void_payment")
    client.force_login(siti)
    facts = {"pk": [payment.pk for payment in payments], "sure": "1", "reason": "Bounced", "on": clock.today().isoformat()}
    page = client.post("/finance/payments/bulk/void/", facts).content.decode()
    assert "0 done, 1 waits for a second person, 1 refused." in page
    assert f"/approvals/{Approval.objects.get().pk}/" in page


def test_the_list_tells_what_waits_for_me_from_what_i_asked_for(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    client.force_login(siti)
    client.post("/finance/entries/new/", typed("By Siti"))
    client.force_login(hendra)
    client.post("/finance/entries/new/", typed("By Hendra"))

    def listed(state: str) -> set[str]:
        return {line.row.subject for line in client.get(f"/approvals/?state={state}").context["lines"]}

    assert (listed("waiting"), listed("mine"), listed("decided"), listed("all")) == (
        {"By Siti"}, {"By Hendra"}, set(), {"By Siti", "By Hendra"},
    )  # fmt: skip
    decline_request(Approval.objects.get(subject="By Siti"), reason="No", by=hendra)
    assert (listed("waiting"), listed("decided")) == (set(), {"By Siti"})


def test_who_has_no_part_in_it_sees_nothing(client: Client, siti: User, hendra: User) -> None:
    make_colleague()
    demand("finance.post_entry", "people.change_roles")
    about_roles = asked_for(lambda: change_roles(make_user(Role.SUPPORT), [Role.SALES], by=hendra))
    client.force_login(make_user(Role.SALES))
    for address in ("/approvals/", f"/approvals/{about_roles.pk}/", "/approvals/rules/", "/approvals/conflicts/", "/api/v1/approvals/"):
        assert client.get(address).status_code == 403, address
    client.force_login(siti)
    assert client.get(f"/approvals/{about_roles.pk}/").status_code == 404
    assert client.get("/api/v1/approvals/").json()["results"] == []
    client.force_login(make_user(Role.AUDITOR))
    page = client.get(f"/approvals/{about_roles.pk}/").content.decode()
    assert "Support" in page
    assert "/approve/" not in page


def test_bank_details_are_told_to_those_who_may_see_them(client: Client, hendra: User, siti: User) -> None:
    make_colleague("Blind Checker", Role.IT)
    checker = User.objects.get(name="Blind Checker")
    checker.user_permissions.add(Permission.objects.get(codename="approve_bank_details"))
    demand("parties.update_company")
    company = Company.objects.get()
    approval = asked_for(lambda: update_company(company, name="PT Nusantara", bank_details="Canary Bank 77", by=hendra))
    update_company(company, name="PT Baru", bank_details="Canary Bank 55", by=User.objects.service())
    decline_request(approval, reason="No", by=siti)  # told otherwise by then: a change in the trail
    for user, sees in ((siti, True), (checker, False)):
        client.force_login(user)
        assert "Canary" not in client.get(f"/approvals/{approval.pk}/?tab=changes").content.decode()
        page = client.get(f"/approvals/{approval.pk}/").content.decode()
        told = client.get(f"/api/v1/approvals/{approval.pk}/").content.decode()
        assert ("Canary" in page, "Canary" in told, "PT Nusantara" in page) == (sees, sees, True)


def test_declining_says_why_and_is_told(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    client.force_login(siti)
    client.post("/finance/entries/new/", typed())
    approval = Approval.objects.get()
    confirmed(client, hendra)
    assert client.post(f"/approvals/{approval.pk}/decline/", {"reason": ""}).status_code == 422
    client.post(f"/approvals/{approval.pk}/decline/", {"reason": "Wrong account"})
    client.force_login(siti)
    assert "Wrong account" in client.get(f"/approvals/{approval.pk}/").content.decode()
    assert not JournalEntry.objects.exists()


def test_approving_asks_who_it_is(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    client.force_login(siti)
    client.post("/finance/entries/new/", typed())
    client.force_login(hendra)
    answer = client.post(f"/approvals/{Approval.objects.get().pk}/approve/")
    assert answer["Location"].startswith("/people/me/confirm/")
    assert Approval.objects.get().status == "asked"


def test_a_token_is_taken_by_its_maker_on_a_page(client: Client, hendra: User) -> None:
    second = make_colleague()
    service = create_service(name="Web shop", roles=[Role.SALES], by=hendra)
    demand("tokens.issue_service_token")
    confirmed(client, hendra)
    answer = client.post(f"/tokens/services/{service.pk}/token/", {"name": "Shop", "days": "90"})
    approval = Approval.objects.get()
    assert answer["Location"] == f"/approvals/{approval.pk}/"
    approve_request(approval, by=second)
    assert f"/approvals/{approval.pk}/take/" in client.get(f"/approvals/{approval.pk}/").content.decode()
    assert "satu_" not in client.get(f"/approvals/{approval.pk}/take/").content.decode()
    taken = client.post(f"/approvals/{approval.pk}/take/")
    assert "satu_" in taken.content.decode()
    assert taken["Cache-Control"] == "no-store"
    assert client.post(f"/approvals/{approval.pk}/take/").status_code == 302
    assert Token.objects.filter(user=service).count() == 1
    confirmed(client, second)
    assert client.get(f"/approvals/{approval.pk}/take/")["Location"] == f"/approvals/{approval.pk}/"
    assert client.post(f"/approvals/{approval.pk}/take/").status_code == 403


# -- Rules -------------------------------------------------------------------------------------------------------------
def test_the_owner_switches_a_rule_on_and_off_on_its_page(client: Client, hendra: User, siti: User) -> None:
    rule = SecondPerson.objects.get(operation="finance.void_payment")
    client.force_login(hendra)
    assert client.post(f"/approvals/rules/{rule.pk}/demand/")["Location"].startswith("/people/me/confirm/")
    confirmed(client, hendra)
    page = client.get("/approvals/rules/").content.decode()
    assert "Void a payment" in page
    client.post(f"/approvals/rules/{rule.pk}/demand/")
    rule.refresh_from_db()
    assert rule.demanded
    assert "A second person is demanded" in client.get(f"/approvals/rules/{rule.pk}/").content.decode()
    client.post(f"/approvals/rules/{rule.pk}/waive/")
    assert not SecondPerson.objects.get(pk=rule.pk).demanded
    confirmed(client, siti)
    assert client.get("/approvals/rules/").status_code == 403
    assert client.post(f"/approvals/rules/{rule.pk}/demand/").status_code == 403


def test_the_rules_in_the_api(hendra: User, siti: User) -> None:
    rule = SecondPerson.objects.get(operation="finance.void_payment")
    assert api_of(hendra).post(f"/api/v1/second-person-rules/{rule.pk}/demand/").status_code == 403
    api = confirmed_api_of(hendra)
    answer = api.post(f"/api/v1/second-person-rules/{rule.pk}/demand/")
    assert (answer.status_code, answer.json()["demanded"]) == (200, True)
    assert (answer.json()["permission"], answer.json()["checked_by"]) == ("finance.void_payment", "finance.approve_void")
    second = make_colleague()
    waits = api.post(f"/api/v1/second-person-rules/{rule.pk}/waive/")
    assert (waits.status_code, waits.json()["operation"]) == (202, "approvals.waive_second")
    assert confirmed_api_of(second).post(f"/api/v1/approvals/{waits.json()['id']}/approve/").status_code == 200
    assert not SecondPerson.objects.get(pk=rule.pk).demanded


# -- Programs ----------------------------------------------------------------------------------------------------------
def test_the_api_answers_202_with_where_it_waits(siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    answer = api_of(siti).post("/api/v1/journal-entries/", entry(), format="json")
    approval = Approval.objects.get()
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/approvals/{approval.pk}/")
    told = answer.json()
    assert (told["id"], told["status"], told["title"]) == (approval.pk, "asked", "Post an entry by hand")
    assert {"label": "Memo", "before": "", "after": "Rent"} in told["changes"]
    assert api_of(siti).get(answer["Location"]).json()["changes"] == told["changes"]
    mine = confirmed_api_of(siti).post(f"{answer['Location']}approve/")
    assert (mine.status_code, mine.json()["type"]) == (403, "urn:satu:refused:NotYours")
    assert api_of(hendra).post(f"{answer['Location']}approve/").json()["type"] == "urn:satu:refused:Unconfirmed"
    done = confirmed_api_of(hendra).post(f"{answer['Location']}approve/")
    posted = JournalEntry.objects.get()
    assert (done.status_code, done.json()["result_kind"], done.json()["result_id"]) == (200, "finance.journalentry", posted.pk)
    assert api_of(hendra).get(f"/api/v1/journal-entries/{posted.pk}/").json()["approved_by"] == hendra.pk


def test_a_request_that_is_sent_twice_asks_once(siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    first, again = (
        api_of(siti).post("/api/v1/journal-entries/", entry(), format="json", headers={"Idempotency-Key": "rent-3"}) for _count in range(2)
    )
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (202, 202, "true")
    assert first.json() == again.json()
    assert again["Location"] == first["Location"]
    assert Approval.objects.count() == 1


def test_approving_twice_with_one_key_does_it_once(siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    at = api_of(siti).post("/api/v1/journal-entries/", entry(), format="json")["Location"]
    answers = [confirmed_api_of(hendra).post(f"{at}approve/", headers={"Idempotency-Key": "yes-1"}).status_code for _count in range(2)]
    assert answers == [200, 200]
    assert JournalEntry.objects.count() == 1


def test_a_verb_of_a_record_waits_for_the_version_that_was_seen(siti: User, hendra: User) -> None:
    payment = make_payment(make_customer(), 1000, on=clock.today())
    demand("finance.void_payment")
    api, seen = api_of(siti), api_of(siti)
    seen._credentials.pop("HTTP_IF_MATCH")
    at = f"/api/v1/payments/{payment.pk}/void/"
    assert seen.post(at, {"reason": "Bounced"}, format="json", headers={"If-Match": '"99"'}).status_code == 412
    assert not Approval.objects.exists()
    assert api.post(at, {"reason": "Bounced"}, format="json").status_code == 202
    again = api.post(at, {"reason": "Bounced"}, format="json")
    assert (again.status_code, again.json()["link"]) == (409, f"/approvals/{Approval.objects.get().pk}/")


@pytest.mark.parametrize("whole", [False, True])
def test_many_rows_wait_each_by_itself(whole: bool, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    wrong = entry("Wrong")
    wrong["lines"][1]["amount"] = "-400"
    rows = {"rows": [entry("One"), wrong, entry("Two")], "all_or_nothing": whole}
    answer = api_of(siti).post("/api/v1/journal-entries/bulk/", rows, format="json")
    if whole:
        assert answer.status_code == 409
        assert not Approval.objects.exists()
        return
    told = answer.json()
    assert (told["created"], told["waiting"], told["refused"]) == (0, 2, 1)
    assert [result["status"] for result in told["results"]] == [202, 409, 202]
    assert {result["approval"]["subject"] for result in told["results"] if "approval" in result} == {"One", "Two"}
    assert Approval.objects.count() == 2


def test_a_token_in_the_api_is_taken_once_and_kept_nowhere(hendra: User) -> None:
    second = make_colleague()
    service = create_service(name="Web shop", roles=[Role.SALES], by=hendra)
    demand("tokens.issue_service_token")
    api = confirmed_api_of(hendra)
    asked = api.post("/api/v1/issued-tokens/", {"service": service.pk, "name": "Shop"}, format="json")
    assert asked.status_code == 202
    at = asked["Location"]
    assert confirmed_api_of(second).post(f"{at}approve/").status_code == 200
    assert api.post(f"{at}take/", headers={"Idempotency-Key": "k"}).status_code == 400
    taken = api.post(f"{at}take/")
    assert (taken.status_code, taken["Cache-Control"]) == (200, "no-store")
    assert taken.json()["secret"].startswith("satu_")
    assert taken.json()["result_id"] == Token.objects.get(user=service).pk
    assert api.post(f"{at}take/").status_code == 409


def test_the_description_says_where_202_is_answered(client: Client, db: None) -> None:
    paths = client.get("/api/schema/", {"format": "json"}).json()["paths"]
    answers = {f"{method} {at}": operation["responses"] for at, path in paths.items() for method, operation in path.items()}
    waiting = {name for name, given in answers.items() if "202" in given}
    assert {"post /api/v1/journal-entries/", "post /api/v1/payments/{id}/void/", "patch /api/v1/roles/{id}/"} <= waiting
    assert "post /api/v1/payments/" not in waiting
    given = answers["post /api/v1/journal-entries/"]["202"]
    assert given["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Approval"}
    assert "Location" in given["headers"]


# -- Clerk screens -----------------------------------------------------------------------------------------------------
def test_clerks_approve_withdraw_and_switch(client: Client, hendra: User, siti: User) -> None:
    rule = SecondPerson.objects.get(operation="finance.post_entry")
    confirmed(client, hendra)
    switch = {"action": "demand_second", "_selected_action": [rule.pk]}
    client.post("/admin/approvals/secondperson/", switch)
    rule.refresh_from_db()
    assert rule.demanded
    asked = api_of(siti).post("/api/v1/journal-entries/", entry(), format="json").json()["id"]
    own = api_of(hendra).post("/api/v1/journal-entries/", entry("Own"), format="json").json()["id"]
    page = client.post("/admin/approvals/approval/", {"action": "approve_request", "_selected_action": [asked, own]}, follow=True)
    assert "You asked for this yourself." in page.content.decode()
    assert JournalEntry.objects.get().memo == "Rent"
    client.post("/admin/approvals/approval/", {"action": "withdraw_request", "_selected_action": [own]})
    assert Approval.objects.get(pk=own).status == "withdrawn"
    make_colleague()
    waits = client.post("/admin/approvals/secondperson/", {**switch, "action": "waive_second"}, follow=True).content.decode()
    assert "This waits for a second person now" in waits
    unconfirmed = Client()
    unconfirmed.force_login(hendra)
    led = unconfirmed.post("/admin/approvals/approval/", {"action": "approve_request", "_selected_action": [asked]})
    assert led["Location"].startswith("/people/me/confirm/")


# -- Files -------------------------------------------------------------------------------------------------------------
ENTRIES = (
    "reference;on;memo;account;debit;credit\nA1;{day};Rent;6-1200;500;\nA1;;;1-1200;;500\nA2;{day};Power;6-1300;70;\nA2;;;1-1200;;70\n"
)


def checked(by: User, content: str = ENTRIES, kind: str = "finance.entry") -> ImportRun:
    told = content.format(day=clock.today().strftime("%d/%m/%Y"))
    run = upload_table(kind, name="jurnal.csv", content=told.encode(), by=by)
    match_columns(run, fields=run.fields, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def imported(by: User, content: str = ENTRIES, kind: str = "finance.entry") -> ImportRun:
    run = checked(by, content, kind)
    start_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def states(run: ImportRun) -> list[str]:
    return list(run.rows.order_by("line").values_list("state", flat=True))


def test_rows_of_a_file_wait_and_become_their_records(client: Client, siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    run = imported(siti)
    assert (run.status, states(run)) == ("imported", ["held", "part", "held", "part"])
    assert run.counts == {"held": 2, "part": 2}
    first, second = Approval.objects.order_by("pk")
    client.force_login(siti)
    page = client.get(f"/imports/{run.pk}/?state=any").content.decode()
    assert f"/approvals/{first.pk}/" in page
    assert "Waits for a second person" in page

    approve_request(first, by=hendra)
    decline_request(second, reason="Wrong month", by=hendra)
    run.refresh_from_db()
    assert states(run) == ["created", "part", "refused", "refused"]
    row = run.rows.get(line=2)
    assert (row.object_id, row.was_created) == (JournalEntry.objects.get().pk, True)
    assert ExternalId.objects.get(kind="finance.entry").external_id == "A1"
    assert "Declined: Wrong month" in run.rows.get(line=4).problems[0]["reason"]
    assert run.counts == {"created": 1, "part": 1, "refused": 2}
    assert all(invariants())


def test_what_waits_already_is_not_imported_again(siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    imported(siti)
    again = checked(siti)
    assert set(states(again)) == {"bad"}
    assert "waits for a second person: line 2 of jurnal.csv." in again.rows.get(line=2).problems[0]["reason"]
    assert Approval.objects.count() == 2


def test_taking_an_import_back_may_wait_too(siti: User, hendra: User) -> None:
    run = imported(siti)
    assert states(run) == ["created", "part", "created", "part"]
    demand("finance.reverse_entry")
    revert_import(run, by=siti)
    work_jobs()
    assert states(run) == ["kept", "part", "kept", "part"]
    first, second = Approval.objects.order_by("pk")
    approve_request(first, by=hendra)
    withdraw_request(second, by=siti)
    assert sorted(states(run)) == ["kept", "part", "part", "reverted"]
    assert JournalEntry.objects.filter(reverses__isnull=False).count() == 1
    assert ExternalId.objects.filter(kind="finance.entry").count() == 1


def test_users_from_a_file_wait_for_their_roles(hendra: User) -> None:
    second, known = make_colleague(), make_user(Role.SALES)
    demand("people.create_user", "people.change_roles")
    content = f"email;name;roles\nbaru@nusantara.example;Baru;sales\n{known.email};{known.name};support\n"
    run = imported(hendra, content, "people.user")
    assert states(run) == ["held", "held"]
    for approval in Approval.objects.order_by("pk"):
        approve_request(approval, by=second)
    assert states(run) == ["created", "updated"]
    assert User.objects.get(email="baru@nusantara.example").groups.get().name == "sales"
    assert known.groups.get().name == "support"
    assert (run.rows.get(line=3).before or {})["roles"] == "sales"


def test_a_check_asks_nobody(siti: User, hendra: User) -> None:
    demand("finance.post_entry")
    run = checked(siti)
    assert states(run) == ["new", "part", "new", "part"]
    assert not Approval.objects.exists()
    assert ImportRow.objects.get(run=run, line=2).note == "Waits for a second person once it is imported."


# -- Bank accounts -----------------------------------------------------------------------------------------------------
def test_a_bank_account_is_added_on_the_page_of_its_party(client: Client, siti: User, hendra: User) -> None:
    party = make_customer()
    demand("parties.add_bank_account")
    confirmed(client, siti)
    facts = {"holder": "PT Fajar", "bank": "Bank Satu", "number": "DE89 3704 0044 0532 0130 00", "currency": "eur"}
    wrong = client.post(f"/parties/{party.pk}/add-bank-account/", facts | {"number": "DE89 3704 0044 0532 0130 01"})
    assert "is no IBAN" in wrong.content.decode()
    client.post(f"/parties/{party.pk}/add-bank-account/", facts)
    approval = Approval.objects.get()
    assert (approval.kind, approval.object_id) == ("parties.party", party.pk)
    assert not BankAccount.objects.exists()
    confirmed(client, hendra)
    client.post(f"/approvals/{approval.pk}/approve/")
    assert BankAccount.objects.get().number == IBAN
    assert IBAN in client.get(f"/parties/{party.pk}/").content.decode()
    client.force_login(make_user(Role.SALES))
    assert IBAN not in client.get(f"/parties/{party.pk}/").content.decode()
    assert client.get(f"/parties/bank-accounts/{BankAccount.objects.get().pk}/").status_code == 403


def test_demanding_is_for_the_next_deed_not_for_the_last(siti: User, hendra: User) -> None:
    made = api_of(siti).post("/api/v1/journal-entries/", entry(), format="json")
    assert made.status_code == 201
    demand_second(SecondPerson.objects.get(operation="finance.post_entry"), by=hendra)
    assert api_of(siti).post("/api/v1/journal-entries/", entry("Next"), format="json").status_code == 202
    assert JournalEntry.objects.get().lines.get(amount__gt=0).amount == Decimal(500)
