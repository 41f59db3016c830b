"""Where parties want to be paid: numbers that can be, changed and taken out of use, seen by few."""

import pytest
from django.test import Client

from core.events.models import Record
from core.parties.banking import (
    BadBankAccount,
    BankAccountKnown,
    BankAccountRetired,
    add_bank_account,
    change_bank_account,
    compact,
    retire_bank_account,
)
from core.parties.models import BankAccount, Party
from core.people.models import User
from core.people.roles import Role
from tests.factories.ground import make_customer, make_user
from tests.factories.programs import api_of, confirmed_api_of


@pytest.fixture
def party(company: object) -> Party:
    return make_customer()


def add(party: Party, by: User, **more: str) -> BankAccount:
    return add_bank_account(party, **{"holder": "PT Fajar", "bank": "Bank Satu", "number": "123 456", "currency": "IDR"} | more, by=by)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("gb33 bukb 2020 1555 5555 55", "GB33BUKB20201555555555"),
        ("  123  456-7 ", "123 456-7"),
        ("0012.345.678", "0012.345.678"),
    ],
)
def test_a_number_is_kept_as_banks_write_it(typed: str, kept: str) -> None:
    assert compact(typed) == kept


@pytest.mark.parametrize("typed", ["DE89 3704 0044 0532 0130 01", "GB33BUKB2020155555555", "XX12ABCD"])
def test_an_iban_whose_digits_are_wrong_is_refused(typed: str, party: Party, owner: User) -> None:
    with pytest.raises(BadBankAccount) as refused:
        add(party, owner, number=typed)
    assert refused.value.field == "number"
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("holder", " "), ("bank", ""), ("number", "  "), ("currency", "Rp"), ("currency", "ID1")])
def test_what_is_missing_is_named(field: str, value: str, party: Party, owner: User) -> None:
    with pytest.raises(BadBankAccount) as refused:
        add(party, owner, **{field: value})
    assert refused.value.field == field


def test_a_party_has_each_account_once_until_it_is_out_of_use(party: Party, owner: User) -> None:
    account = add(party, owner)
    with pytest.raises(BankAccountKnown):
        add(party, owner, number="123  456")
    retire_bank_account(account, by=owner)
    assert add(party, owner).pk != account.pk
    for act in (lambda: retire_bank_account(account, by=owner), lambda: change_bank_account(account, bank="Bank Dua", by=owner)):
        with pytest.raises(BankAccountRetired):
            act()


def test_changing_says_who_and_leaves_what_is_not_said(party: Party, owner: User, accountant: User) -> None:
    account = add(party, owner)
    changed = change_bank_account(account, number="DE89 3704 0044 0532 0130 00", currency="eur", by=accountant)
    assert (changed.bank, changed.number, changed.currency, changed.set_by) == ("Bank Satu", "DE89370400440532013000", "EUR", accountant)
    told = Record.objects.filter(type="parties.PartyUpdated", party=party).latest("pk")
    assert told.payload == {"party_id": party.pk, "name": party.name, "changed": ["bank_accounts"]}


def test_lists_records_and_files_show_them_to_those_who_may(client: Client, party: Party, owner: User, seller: User) -> None:
    account = add(party, owner, number="998877665")
    addresses = (
        "/parties/bank-accounts/",
        f"/parties/bank-accounts/{account.pk}/",
        f"/parties/{party.pk}/",
        "/parties/bank-accounts/?export=csv",
    )
    client.force_login(owner)
    for address in addresses:
        answer = client.get(address)
        assert "998877665" in (b"".join(answer) if answer.streaming else answer.content).decode(), address
    client.force_login(seller)
    for address in addresses:
        answer = client.get(address)
        assert "998877665" not in answer.content.decode(), address


def test_programs_add_change_and_retire(party: Party, accountant: User, seller: User) -> None:
    api = confirmed_api_of(accountant)
    facts = {"party": party.pk, "holder": "PT Fajar", "bank": "Bank Satu", "number": "123 456", "currency": "IDR"}
    assert api_of(accountant).post("/api/v1/bank-accounts/", facts, format="json").status_code == 403  # not confirmed
    made = api.post("/api/v1/bank-accounts/", facts, format="json")
    assert (made.status_code, made.json()["set_by"], made.json()["approved_by"]) == (201, accountant.pk, None)
    at = f"/api/v1/bank-accounts/{made.json()['id']}/"
    assert api.patch(at, {"bank": "Bank Dua"}, format="json").json()["bank"] == "Bank Dua"
    assert api.post(f"{at}retire/").json()["retired_at"]
    assert api_of(seller).get("/api/v1/bank-accounts/").status_code == 403
    assert api_of(make_user(Role.AUDITOR)).get(at).json()["number"] == "123 456"
