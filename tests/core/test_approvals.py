"""What one person does and another checks: asked for, decided, done in the maker's name; never by the one who asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.finance.models import Account, JournalEntry, Payment, Purpose
from backoffice.finance.operations import Posting, post_entry, reverse_entry, void_payment
from backoffice.finance.operations.entries import Unbalanced
from backoffice.finance.operations.payments import TakenBack
from core import clock
from core.approvals.declaring import every
from core.approvals.events import RequestAsked
from core.approvals.held import AskedAlready, NobodyToCheck
from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import (
    AlreadyDecided,
    NobodyElse,
    NotAnyMore,
    NothingToTake,
    NotYours,
    ReasonMissing,
    approve_request,
    decline_request,
    demand_second,
    explain_request,
    take_result,
    waive_second,
    what_would_change,
    withdraw_request,
)
from core.audit.history import history
from core.audit.models import Change
from core.errors import Refused, WaitsForSecond
from core.events.models import Delivery, Record
from core.notifications.models import Notification
from core.parties.banking import add_bank_account, change_bank_account
from core.parties.company import update_company
from core.parties.models import BankAccount, Company
from core.people.models import CompanyRole, User
from core.people.operations import OwnRights, change_roles, create_user
from core.people.reshaping import create_role, reset_role, restore_role, retire_role, update_role
from core.people.roles import Role
from core.tokens.models import Token
from core.tokens.operations import create_service, issue_service_token
from integration.delivery import skip_delivery
from tests.factories.approvals import asked_for, demand, make_colleague, make_dead_invoicing
from tests.factories.finance import make_payment
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house
from tests.racing import race, refusals

NEW_PASSWORD = "kuda-laut-biru-77"
IBAN = "DE89370400440532013000"


@pytest.fixture
def house(db: None) -> Company:
    """The company, with its books open."""
    return make_house()


@pytest.fixture
def maker(house: Company) -> User:
    """Hendra, an owner."""
    return make_user(Role.OWNER)


@pytest.fixture
def second(house: Company) -> User:
    """Another owner."""
    return make_colleague()


def today_s_lines(amount: object = 500) -> list[Posting]:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose=Purpose.BANK)
    return [Posting(account_id=rent.pk, amount=Decimal(str(amount))), Posting(account_id=bank.pk, amount=Decimal(f"-{amount}"))]


def post(by: User, memo: str = "Rent") -> JournalEntry:
    return post_entry(on=clock.today(), memo=memo, lines=today_s_lines(), by=by)


def paid(amount: object = 1000) -> Payment:
    return make_payment(make_customer(), amount, on=clock.today())


def role_of(key: str) -> CompanyRole:
    return CompanyRole.objects.named().get(group__name=key)


def rights_of(role: CompanyRole) -> set[str]:
    return {f"{app}.{code}" for app, code in role.group.permissions.values_list("content_type__app_label", "codename")}


def roles_of(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


@dataclass(frozen=True)
class Deed:
    """A held operation: what has to be there, the call, and what is so once it was done."""

    name: str
    ready: Callable[[], Any]
    act: Callable[[Any, User], Any]
    shows: Callable[[Any], Any]
    then: Any


def seller() -> User:
    return make_user(Role.SALES)


def till() -> CompanyRole:
    return create_role(name="Till", rights=["sales.view_order"], by=User.objects.service())


def changed_sales() -> CompanyRole:
    role = role_of(Role.SALES)
    return update_role(role, rights=rights_of(role) | {"sales.release_order"}, by=User.objects.service())


def retired() -> CompanyRole:
    return retire_role(till(), by=User.objects.service())


def shop() -> User:
    return create_service(name="Web shop", roles=[Role.SALES], by=User.objects.service())


def account() -> BankAccount:
    facts = {"holder": "PT Fajar", "bank": "Bank Satu", "number": "123 456", "currency": "IDR"}
    return add_bank_account(make_customer(), **facts, by=User.objects.service())


def demanded_rule() -> SecondPerson:
    demand("finance.void_payment")
    return SecondPerson.objects.get(operation="finance.void_payment")


def letterhead(company: Company, by: User) -> Company:
    return update_company(company, name="PT Nusantara Maju", bank_details="Bank Dua 77", by=by)


DEEDS = (
    Deed("finance.post_entry", lambda: None, lambda _none, by: post(by), lambda _none: JournalEntry.objects.filter(memo="Rent").count(), 1),
    Deed(
        "finance.reverse_entry",
        lambda: post(User.objects.service()),
        lambda entry, by: reverse_entry(entry, on=clock.today(), reason="Twice", by=by),
        lambda entry: JournalEntry.objects.filter(reverses=entry).count(),
        1,
    ),
    Deed(
        "finance.void_payment",
        paid,
        lambda payment, by: void_payment(payment, reason="Bounced", by=by),
        lambda payment: Payment.objects.get(pk=payment.pk).voided_on is not None,
        True,
    ),
    Deed(
        "people.create_user",
        lambda: None,
        lambda _none, by: create_user(email="n@nusantara.example", name="New", roles=[Role.SALES], password=NEW_PASSWORD, by=by),
        lambda _none: [user.check_password(NEW_PASSWORD) for user in User.objects.filter(email="n@nusantara.example")],
        [True],
    ),
    Deed("people.change_roles", seller, lambda user, by: change_roles(user, [Role.SUPPORT], by=by), roles_of, ["support"]),
    Deed(
        "people.update_role",
        till,
        lambda role, by: update_role(role, rights=["sales.view_order", "sales.view_return"], by=by),
        rights_of,
        {"sales.view_order", "sales.view_return"},
    ),
    Deed(
        "people.reset_role",
        changed_sales,
        lambda role, by: reset_role(role, by=by),
        lambda role: "sales.release_order" in rights_of(role),
        False,
    ),
    Deed("people.restore_role", retired, lambda role, by: restore_role(role, by=by), rights_of, {"sales.view_order"}),
    Deed(
        "tokens.create_service",
        lambda: None,
        lambda _none, by: create_service(name="Scanner", roles=[Role.STOREKEEPER], by=by),
        lambda _none: [roles_of(one) for one in User.objects.filter(kind=User.Kind.SERVICE, name="Scanner")],
        [["storekeeper"]],
    ),
    Deed(
        "tokens.issue_service_token",
        shop,
        lambda service, by: issue_service_token(service, name="Shop", by=by),
        lambda service: Token.objects.filter(user=service).count(),
        1,
    ),
    Deed("parties.update_company", Company.objects.get, letterhead, lambda company: Company.objects.get().bank_details, "Bank Dua 77"),
    Deed(
        "parties.add_bank_account",
        make_customer,
        lambda party, by: add_bank_account(party, holder="PT Fajar", bank="Bank Satu", number=IBAN, currency="eur", by=by),
        lambda party: list(BankAccount.objects.filter(party=party).values_list("number", "currency")),
        [(IBAN, "EUR")],
    ),
    Deed(
        "parties.change_bank_account",
        account,
        lambda known, by: change_bank_account(known, number="654 321", by=by),
        lambda known: BankAccount.objects.get(pk=known.pk).number,
        "654 321",
    ),
    Deed(
        "events.skip_delivery",
        make_dead_invoicing,
        lambda row, by: skip_delivery(row, reason="Billed by hand.", by=by),
        lambda row: Delivery.objects.get(pk=row.pk).status,
        "skipped",
    ),
    Deed(
        "approvals.waive_second",
        demanded_rule,
        lambda rule, by: waive_second(rule, by=by),
        lambda rule: SecondPerson.objects.get(pk=rule.pk).demanded,
        False,
    ),
)
EACH = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
ALWAYS_BY_TWO = "events.skip_delivery"


def test_every_held_operation_is_tried_here() -> None:
    assert {deed.name for deed in DEEDS} == set(every())


# -- Asking and deciding -----------------------------------------------------------------------------------------------
@EACH
def test_what_is_demanded_waits_and_is_done_once_somebody_else_says_yes(deed: Deed, maker: User, second: User) -> None:
    about = deed.ready()
    demand(deed.name)
    before = deed.shows(about)
    approval = asked_for(lambda: deed.act(about, maker))
    assert deed.shows(about) == before != deed.then
    assert (approval.operation, approval.asked_by, approval.status) == (deed.name, maker, "asked")
    assert [line["label"] for line in what_would_change(approval)]
    assert Notification.objects.filter(user=second, url=f"/approvals/{approval.pk}/").count() == 1
    assert not Notification.objects.filter(user=maker, url=f"/approvals/{approval.pk}/").exists()

    done = approve_request(approval, by=second)
    assert (done.status, done.decided_by) == ("approved", second)
    if deed.name == "tokens.issue_service_token":
        assert deed.shows(about) == before
        done, secret = take_result(approval, by=maker)
        assert secret.startswith("satu_")
        assert done.result_id == Token.objects.get().pk
    assert deed.shows(about) == deed.then
    told = Notification.objects.get(user=maker, key=f"decided:{approval.pk}")
    assert second.name in told.text


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.name != ALWAYS_BY_TWO], ids=lambda deed: deed.name)
def test_where_nothing_is_demanded_nobody_waits(deed: Deed, maker: User) -> None:
    """One person does everything; also the last owner who does without a second person."""
    about = deed.ready() if deed.name != "approvals.waive_second" else None
    if about is None and deed.name == "approvals.waive_second":
        make_user(Role.ACCOUNTANT)
        about = demanded_rule()
    deed.act(about, maker)
    assert deed.shows(about) == deed.then
    assert not Approval.objects.exists()


@EACH
def test_nobody_approves_what_they_asked_for(deed: Deed, maker: User, second: User) -> None:
    about = deed.ready()
    demand(deed.name)
    before = deed.shows(about)
    approval = asked_for(lambda: deed.act(about, maker))
    with pytest.raises(NotYours):
        approve_request(approval, by=maker)
    with pytest.raises(NotYours):
        decline_request(approval, reason="Mine", by=maker)
    assert deed.shows(about) == before
    assert Approval.objects.get().status == "asked"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_approval SET status = 'approved', decided_by_id = asked_by_id, decided_at = now()",
        "UPDATE approvals_approval SET status = 'approved'",
        "UPDATE approvals_approval SET status = 'declined', decided_by_id = asked_by_id, decided_at = now(), declined_because = 'No'",
        "UPDATE approvals_approval SET asked_by_id = (SELECT id FROM people_user WHERE email = 'yanti@nusantara.example')",
        "DELETE FROM approvals_approval",
    ],
)
def test_the_database_refuses_it_too(statement: str, maker: User, second: User) -> None:
    demand("finance.post_entry")
    asked_for(lambda: post(maker))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Approval.objects.get().status == "asked"


def test_what_was_decided_stays_decided(maker: User, second: User) -> None:
    demand("finance.post_entry")
    approval = asked_for(lambda: post(maker))
    decline_request(approval, reason="Not this month", by=second)
    for act in (lambda: approve_request(approval, by=second), lambda: withdraw_request(approval, by=maker)):
        with pytest.raises(AlreadyDecided):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(status="approved")
    assert not JournalEntry.objects.exists()


def test_the_maker_is_who_did_it_and_the_checker_is_written_beside(maker: User, second: User) -> None:
    demand("finance.post_entry", "parties.add_bank_account", "finance.void_payment")
    payment = paid()
    approve_request(asked_for(lambda: post(maker)), by=second)
    entry = JournalEntry.objects.get(memo="Rent")
    assert (entry.created_by, entry.approved_by) == (maker, second)
    approve_request(asked_for(lambda: void_payment(payment, reason="Bounced", by=maker)), by=second)
    reversal = JournalEntry.objects.of("finance.payment", payment.pk).get(reverses__isnull=False)
    assert (reversal.created_by, reversal.approved_by) == (maker, second)
    facts = {"holder": "PT Fajar", "bank": "Bank Satu", "number": "1", "currency": "IDR"}
    approval = asked_for(lambda: add_bank_account(payment.customer, **facts, by=maker))
    approve_request(approval, by=second)
    known = BankAccount.objects.get()
    assert (known.set_by, known.approved_by) == (maker, second)
    assert [change.actor_id for change in history(known)] == [maker.pk]
    assert [change.actor_id for change in history(approval)] == [second.pk, maker.pk]
    assert JournalEntry.objects.get(reverses=None, source_id=payment.pk).approved_by is None


@pytest.mark.parametrize(("table", "maker_column"), [("finance_journalentry", "created_by_id"), ("parties_bankaccount", "set_by_id")])
def test_by_check_nobody_approves_their_own_entry_or_bank_account(table: str, maker_column: str, maker: User, second: User) -> None:
    post(maker)
    add_bank_account(make_customer(), holder="H", bank="B", number="1", currency="IDR", by=maker)
    statement = f"UPDATE {table} SET approved_by_id = {maker_column}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as if no trigger stood in the way
        with pytest.raises(IntegrityError, match="does_not_approve"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_do_it_once() -> None:
    make_house()
    maker, second, third = make_user(Role.OWNER), make_colleague(), make_colleague("Zaki Owner")
    demand("finance.post_entry")
    approval = asked_for(lambda: post(maker))
    met = race(*(lambda by=by: approve_request(approval, by=by) for by in (second, third)))  # type: ignore[misc]
    assert [type(one) for one in refusals(met)] == [AlreadyDecided]
    assert JournalEntry.objects.filter(memo="Rent").count() == 1
    assert Record.objects.filter(type="approvals.RequestApproved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_approves_while_it_is_withdrawn_does_it_or_does_not() -> None:
    make_house()
    maker, second = make_user(Role.OWNER), make_colleague()
    demand("finance.post_entry")
    approval = asked_for(lambda: post(maker))
    met = race(lambda: approve_request(approval, by=second), lambda: withdraw_request(approval, by=maker))
    assert len(refusals(met)) == 1
    approval.refresh_from_db()
    assert JournalEntry.objects.filter(memo="Rent").count() == (1 if approval.status == "approved" else 0)


# -- What may change meanwhile -----------------------------------------------------------------------------------------
def test_who_may_not_do_it_any_more_does_not_do_it(maker: User, second: User) -> None:
    accountant = make_user(Role.ACCOUNTANT)
    demand("finance.post_entry")
    approval = asked_for(lambda: post(accountant))
    change_roles(accountant, [Role.SUPPORT], by=maker)
    with pytest.raises(NotAnyMore):
        approve_request(approval, by=second)
    assert (Approval.objects.get().status, JournalEntry.objects.count()) == ("asked", 0)
    change_roles(accountant, [Role.ACCOUNTANT], by=maker)
    approve_request(approval, by=second)
    assert JournalEntry.objects.get().created_by == accountant


def test_who_may_not_check_any_more_does_not_check(maker: User) -> None:
    accountant = make_user(Role.ACCOUNTANT)
    demand("finance.post_entry")
    approval = asked_for(lambda: post(maker))
    change_roles(accountant, [Role.SUPPORT], by=maker)
    with pytest.raises(NotYours):
        approve_request(approval, by=User.objects.get(pk=accountant.pk))
    assert Approval.objects.get().status == "asked"


def test_what_is_refused_by_then_leaves_it_undecided(maker: User, second: User) -> None:
    payment = paid()
    demand("finance.void_payment")
    approval = asked_for(lambda: void_payment(payment, reason="Bounced", by=maker))
    void_payment(payment, reason="By the bank", by=User.objects.service())
    entries = JournalEntry.objects.count()
    with pytest.raises(TakenBack):
        approve_request(approval, by=second)
    assert (Approval.objects.get().status, JournalEntry.objects.count()) == ("asked", entries)
    declined = decline_request(approval, reason="It is voided already.", by=second)
    assert (declined.status, declined.declined_because) == ("declined", "It is voided already.")


def test_what_would_be_refused_is_refused_at_once(maker: User, second: User) -> None:
    demand("finance.post_entry")
    [debit, _credit] = today_s_lines(500)
    [_debit, credit] = today_s_lines(400)
    with pytest.raises(Unbalanced):
        post_entry(on=clock.today(), memo="Rent", lines=[debit, credit], by=maker)
    assert not Approval.objects.exists()
    assert not Notification.objects.exists()
    assert not Record.objects.filter(type=RequestAsked.type_name()).exists()


def test_the_trial_leaves_nothing_behind(maker: User, second: User) -> None:
    """No number is used up, no change stays in the trail, nothing was said."""
    demand("finance.post_entry", "finance.void_payment")
    payment = paid()
    records, trail = Record.objects.count(), Change.objects.exclude(table="approvals_approval").count()
    asked_for(lambda: void_payment(payment, reason="Bounced", by=maker))
    approval = asked_for(lambda: post(maker))
    assert Record.objects.count() == records + 2
    assert Change.objects.exclude(table="approvals_approval").count() == trail
    approve_request(approval, by=second)
    assert JournalEntry.objects.get(memo="Rent").number.endswith("00001")


def test_one_thing_is_asked_for_once_at_a_time(maker: User, second: User) -> None:
    payment = paid()
    demand("finance.void_payment", "finance.post_entry")
    approval = asked_for(lambda: void_payment(payment, reason="Bounced", by=maker))
    with pytest.raises(AskedAlready) as refused:
        void_payment(payment, reason="Again", by=second)
    assert refused.value.link == f"/approvals/{approval.pk}/"
    withdraw_request(approval, by=maker)
    asked_for(lambda: void_payment(payment, reason="Again", by=second))
    asked_for(lambda: post(maker))
    asked_for(lambda: post(maker))  # two entries that say the same are two entries


# -- Who checks --------------------------------------------------------------------------------------------------------
def test_nobody_decides_about_their_own_roles(maker: User, second: User) -> None:
    third = make_colleague("Zaki Owner")
    demand("people.change_roles")
    approval = asked_for(lambda: change_roles(third, [Role.OWNER, Role.ACCOUNTANT], by=maker))
    assert not Notification.objects.filter(user=third, url=f"/approvals/{approval.pk}/").exists()
    with pytest.raises(OwnRights):
        approve_request(approval, by=third)
    approve_request(approval, by=second)
    assert roles_of(third) == ["accountant", "owner"]


def test_without_anybody_to_check_it_is_refused_with_what_to_do(maker: User) -> None:
    accountant = make_user(Role.ACCOUNTANT)
    demand("finance.post_entry")
    change_roles(accountant, [Role.SUPPORT], by=maker)
    with pytest.raises(NobodyToCheck) as refused:
        post(maker)
    assert "approve journal entries by hand" in str(refused.value.fix)
    assert not Approval.objects.exists()


def test_a_program_waits_as_well_and_who_speaks_through_it_does_not_approve(maker: User, second: User) -> None:
    service = create_service(name="Books", roles=[Role.ACCOUNTANT], by=maker)
    issue_service_token(service, name="Books", by=maker)
    demand("finance.post_entry")
    approval = asked_for(lambda: post(service))
    with pytest.raises(NotYours):
        approve_request(approval, by=maker)
    approve_request(approval, by=second)
    with pytest.raises(NotYours):
        approve_request(asked_for(lambda: post(maker, "Other")), by=service)


def test_the_house_itself_waits_for_nobody(maker: User, second: User) -> None:
    demand("finance.post_entry")
    assert post(User.objects.service()).approved_by is None


# -- Words and secrets -------------------------------------------------------------------------------------------------
def test_what_would_change_is_told_as_things_are_and_kept_as_it_was_decided(maker: User, second: User) -> None:
    user = seller()
    demand("people.change_roles")
    approval = asked_for(lambda: change_roles(user, [Role.SUPPORT], by=maker))
    assert (what_would_change(approval)[0]["before"], what_would_change(approval)[0]["after"]) == ("Sales", "Support")
    change_roles(user, [Role.MARKETING], by=User.objects.service())
    assert what_would_change(approval)[0]["before"] == "Marketing"
    done = approve_request(approval, by=second)
    assert (what_would_change(done)[0]["before"], what_would_change(done)[0]["after"]) == ("Marketing", "Support")


def test_a_password_waits_where_nobody_can_read_it(maker: User, second: User) -> None:
    demand("people.create_user")
    facts = {"email": "n@nusantara.example", "name": "New", "roles": [Role.SALES], "password": NEW_PASSWORD}
    approval = asked_for(lambda: create_user(**facts, by=maker))
    every_word = json.dumps([approval.arguments, approval.told, *(change.after for change in Change.objects.all())], default=str)
    assert NEW_PASSWORD not in every_word
    approve_request(approval, by=second)
    approval.refresh_from_db()
    assert "password" not in approval.arguments
    assert User.objects.get(email="n@nusantara.example").check_password(NEW_PASSWORD)


def test_a_token_is_shown_once_to_its_maker_alone_and_not_for_ever(maker: User, second: User) -> None:
    service = shop()
    demand("tokens.issue_service_token")
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        old = asked_for(lambda: issue_service_token(service, name="Shop", by=maker))
        approve_request(old, by=second)
    approval = asked_for(lambda: issue_service_token(service, name="Shop", by=maker))
    with pytest.raises(NothingToTake):
        take_result(approval, by=maker)
    approve_request(approval, by=second)
    with pytest.raises(NotYours):
        take_result(approval, by=second)
    _done, secret = take_result(approval, by=maker)
    for one in (approval, old):
        with pytest.raises(NothingToTake):
            take_result(one, by=maker)
    assert secret not in json.dumps([change.after for change in Change.objects.all()], default=str)
    assert Token.objects.get().made_by == maker


def test_who_asked_says_why_and_who_declines_does(maker: User, second: User) -> None:
    demand("finance.post_entry")
    approval = asked_for(lambda: post(maker))
    assert explain_request(approval, words="The landlord wrote.", by=maker).words == "The landlord wrote."
    with pytest.raises(NotYours):
        explain_request(approval, words="Hm.", by=second)
    with pytest.raises(ReasonMissing):
        decline_request(approval, reason="  ", by=second)
    with pytest.raises(NotYours):
        withdraw_request(approval, by=second)
    assert withdraw_request(approval, by=maker).decided_by == maker


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("people.update_role", lambda by: update_role(role_of(Role.SALES), name="Field sales", by=by)),
        ("people.update_role", lambda by: update_role(role_of(Role.SALES), rights=rights_of(role_of(Role.SALES)), by=by)),
        ("parties.update_company", lambda by: update_company(Company.objects.get(), name="PT Satu", document_footer="Hi", by=by)),
        ("people.create_user", lambda by: create_user(email="n@nusantara.example", name="New", roles=[], password=None, by=by)),
        ("tokens.create_service", lambda by: create_service(name="Idle", roles=[], by=by)),
    ],
)
def test_what_does_no_harm_waits_for_nobody(name: str, act: Callable[[User], Any], maker: User, second: User) -> None:
    demand(name)
    act(maker)
    assert not Approval.objects.exists()


# -- The rules ---------------------------------------------------------------------------------------------------------
def test_a_new_company_begins_without_and_one_person_cannot_demand_a_second(maker: User) -> None:
    rule = SecondPerson.objects.get(operation="finance.post_entry")
    assert not SecondPerson.objects.filter(demanded=True).exists()
    assert set(SecondPerson.objects.values_list("operation", flat=True)) == {one.name for one in every().values() if not one.always}
    with pytest.raises(NobodyElse) as refused:
        demand_second(rule, by=maker)
    assert "approve journal entries by hand" in str(refused.value.fix)
    make_user(Role.ACCOUNTANT)
    assert demand_second(rule, by=maker).demanded


def test_another_owner_has_to_agree_to_do_without(maker: User, second: User) -> None:
    rule = demanded_rule()
    approval = asked_for(lambda: waive_second(rule, by=maker))
    assert SecondPerson.objects.get(pk=rule.pk).demanded
    approve_request(approval, by=second)
    assert not SecondPerson.objects.get(pk=rule.pk).demanded
    assert history(rule)[0].actor_id == maker.pk


def test_refusals_are_told_apart_from_waiting(maker: User, second: User) -> None:
    demand("finance.post_entry")
    with pytest.raises(Refused) as waits:
        post(maker)
    assert isinstance(waits.value, WaitsForSecond)
    assert (waits.value.status, waits.value.link) == (202, f"/approvals/{Approval.objects.get().pk}/")
