"""Credit terms from a file: set through the operation, changed where a row says so, taken back."""

from decimal import Decimal

import pytest

from backoffice.finance.models import CustomerAccount
from backoffice.finance.operations import set_credit_terms
from core.imports.models import ImportRun
from core.imports.operations import match_columns, revert_import, start_import, upload_table
from core.jobs.worker import work_jobs
from core.parties.models import Party
from core.people.models import User
from tests.factories.ground import make_customer

pytestmark = pytest.mark.django_db


def checked(content: str, by: User) -> ImportRun:
    run = upload_table("finance.terms", name="plafon.csv", content=content.encode(), by=by)
    match_columns(run, fields=run.fields, existing="update", by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def imported(content: str, by: User) -> ImportRun:
    run = checked(content, by)
    start_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def reverted(run: ImportRun, by: User) -> ImportRun:
    revert_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def terms(customer: Party) -> tuple[int | None, int]:
    account = CustomerAccount.objects.get(party=customer)
    return None if account.credit_limit is None else int(account.credit_limit), account.payment_days


def test_terms_come_in_with_headings_in_indonesian_and_are_taken_back(owner: User) -> None:
    first, second = make_customer(name="PT Satu Dua"), make_customer(name="PT Tiga Empat")
    set_credit_terms(second, credit_limit=None, payment_days=14, by=owner)
    run = imported("Pelanggan;Plafon;Tempo\nPT Satu Dua;50.000.000;Net 45\nPT Tiga Empat;7000000;\n", owner)
    assert run.fields == ["party", "credit_limit", "payment_days"]
    assert run.counts == {"created": 1, "updated": 1}
    assert (terms(first), terms(second)) == ((50_000_000, 45), (7_000_000, 14))
    assert reverted(run, owner).counts == {"reverted": 2}
    assert (terms(first), terms(second)) == ((None, 30), (None, 14))


def test_no_limit_in_words_takes_a_limit_away(owner: User) -> None:
    customer = make_customer(name="PT Satu Dua")
    set_credit_terms(customer, credit_limit=Decimal(5), payment_days=14, by=owner)
    assert imported("Customer,Credit limit\nPT Satu Dua,Tanpa batas\n", owner).counts == {"updated": 1}
    assert terms(customer) == (None, 14)


def test_rows_that_nobody_could_buy_on_stay_out_and_say_why(owner: User) -> None:
    make_customer(name="PT Satu Dua")
    make_customer(name="PT Tiga Empat")
    make_customer(name="PT Lima Enam")
    run = checked(
        "Customer,Credit limit,Days to pay\nPT Satu Dua,-1,30\nPT Tiga Empat,1,400\nNobody,1,30\nPT Lima Enam,1,soon\n",
        owner,
    )
    said = [[(problem["field"], problem["reason"]) for problem in row.problems] for row in run.rows.order_by("line")]
    assert said == [
        [("credit_limit", "-1 is below zero.")],
        [("payment_days", "Days to pay lie between 0 and 366.")],
        [("party", "There is no customer “Nobody”.")],
        [("payment_days", "“soon” is not a number of days. Write it like 30.")],
    ]
    assert not CustomerAccount.objects.exists()


def test_terms_changed_since_stay_as_they_are(owner: User) -> None:
    customer = make_customer(name="PT Satu Dua")
    run = imported("Customer,Credit limit\nPT Satu Dua,100\n", owner)
    set_credit_terms(customer, credit_limit=Decimal(200), payment_days=30, by=owner)
    assert reverted(run, owner).counts == {"kept": 1}
    assert terms(customer) == (200, 30)
