"""Reference data is read once in a process, and is never other than the database would say."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from backoffice.finance.models import Account, Purpose
from backoffice.finance.operations import update_account
from backoffice.finance.operations.accounts import account_for
from core.catalog.models import products_of
from core.db import locked
from core.errors import Refused
from core.people.models import User
from core.reference import copied, reference
from core.standing import Standing, looked_at, noticed
from tests.factories.ground import make_product
from tests.factories.house import make_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank() -> Account:
    make_house()
    return Account.objects.get(purpose=Purpose.BANK)


def as_known() -> str:
    """What an operation takes the bank account to be called."""
    with locked(by=User.objects.service()):
        return account_for(Purpose.BANK).name


def as_it_is() -> str:
    return str(Account.objects.values_list("name", flat=True).get(purpose=Purpose.BANK))


@contextmanager
def another_program() -> Iterator[Any]:
    """A connection that knows nothing of us: its own process, or somebody with psql."""
    told = connection.get_connection_params()
    other = psycopg2.connect(
        **{name: told[name] for name in ("dbname", "user", "password", "host", "port") if told.get(name)}, options="-c lock_timeout=2s"
    )
    try:
        yield other
    finally:
        other.close()


def rename(other: Any, name: str) -> None:
    with other.cursor() as cursor:
        cursor.execute("UPDATE finance_account SET name = %s WHERE purpose = 'bank'", [name])


def test_operations_read_it_once_in_a_process(bank: Account) -> None:
    as_known()
    with CaptureQueriesContext(connection) as seen:
        assert as_known() == bank.name
    assert not [query for query in seen.captured_queries if "finance_account" in query["sql"]]


def test_what_another_program_changes_is_known_to_the_next_operation(bank: Account) -> None:
    as_known()
    with another_program() as other:
        rename(other, "Elsewhere")
        assert as_known() == bank.name, "not committed yet"
        other.commit()
        assert as_known() == "Elsewhere"
        rename(other, "Taken back")
        other.rollback()
        assert as_known() == "Elsewhere"


def test_what_another_thread_changes_is_known_to_the_next_operation(bank: Account) -> None:
    def renamed() -> None:
        try:
            update_account(bank, name="By a colleague", by=User.objects.service())
        finally:
            connection.close()

    as_known()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(renamed).result()
    assert as_known() == "By a colleague"


def test_an_operation_sees_its_own_change(bank: Account) -> None:
    with locked(bank, by=User.objects.service()) as account:
        assert account_for(Purpose.BANK).name == bank.name
        account.name = "Renamed"
        account.save(update_fields=["name"])
        assert account_for(Purpose.BANK).name == "Renamed"
        Account.objects.filter(pk=account.pk).update(name="Once more")
        assert account_for(Purpose.BANK).name == "Once more"
        Account.objects.bulk_update([account], ["name"])
        assert account_for(Purpose.BANK).name == "Renamed"
    assert as_known() == "Renamed"


def test_what_is_rolled_back_was_never_known(bank: Account) -> None:
    with suppress(Refused), locked(bank, by=User.objects.service()) as account:
        account.name = "Never"
        account.save(update_fields=["name"])
        assert account_for(Purpose.BANK).name == "Never"
        raise Refused("no")
    assert as_known() == bank.name


def test_what_a_savepoint_takes_back_is_forgotten(bank: Account) -> None:
    with locked(by=User.objects.service()):
        with suppress(Refused), transaction.atomic():
            Account.objects.filter(pk=bank.pk).update(name="Never")
            assert account_for(Purpose.BANK).name == "Never"
            raise Refused("no")
        assert account_for(Purpose.BANK).name == bank.name
    assert as_known() == bank.name


def test_it_is_what_the_database_says_whatever_happens(bank: Account) -> None:
    """Two programs change, commit and take back as chance has it."""
    chance = random.Random(6)
    with another_program() as other:
        for turn in range(150):
            if chance.random() < 0.5:
                rename(other, f"Theirs {turn}")
                other.commit() if chance.random() < 0.6 else other.rollback()
            with suppress(Refused), locked(by=User.objects.service()):
                assert account_for(Purpose.BANK).name == as_it_is()
                for step in range(chance.randrange(4)):
                    with suppress(Refused), transaction.atomic():
                        if chance.random() < 0.7:
                            Account.objects.filter(pk=bank.pk).update(name=f"Ours {turn} {step}")
                        assert account_for(Purpose.BANK).name == as_it_is()
                        if chance.random() < 0.5:
                            raise Refused("this step")
                    assert account_for(Purpose.BANK).name == as_it_is()
                if chance.random() < 0.3:
                    raise Refused("all of it")
            assert as_known() == as_it_is()


def test_nobody_waits_for_who_changes_it(bank: Account) -> None:
    """Nor do two who change different rows wait for each other."""
    with another_program() as first, another_program() as second:
        rename(first, "Kept open")
        with second.cursor() as cursor:
            cursor.execute("UPDATE catalog_unit SET name = name")
        second.commit()
        assert as_known() == bank.name
        first.commit()
        assert as_known() == "Kept open"


def test_the_marks_do_not_pile_up(bank: Account) -> None:
    for turn in range(5):
        update_account(bank, name=f"Name {turn}", by=User.objects.service())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_referencemark")
        assert cursor.fetchone() == (1,)


def test_what_is_given_away_is_a_row_of_ones_own() -> None:
    make_house()
    product = make_product()
    with locked(by=User.objects.service()):
        mine = products_of([product.pk])[product.pk]
        mine.name, mine.unit.name = "Scribbled", "over"
        fresh = products_of([product.pk])[product.pk]
        assert (fresh.name, fresh.unit.name) == (product.name, product.unit.name)
        assert products_of([product.pk, 999_999]).keys() == {product.pk}
    assert copied(product) == product
    assert copied(product).unit is not product.unit


def test_outside_of_an_operation_nothing_is_believed(bank: Account) -> None:
    as_known()
    with another_program() as other:
        rename(other, "Meanwhile")
        other.commit()
    assert account_for(Purpose.BANK).name == "Meanwhile"
    assert reference("accounts by purpose", lambda: "asked") == "asked"


REFERENCE_TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if any(trigger.name == "reference" for trigger in getattr(model._meta, "triggers", ()))
)


@pytest.mark.parametrize("table", REFERENCE_TABLES)
def test_whoever_changes_such_a_table_looks_again(table: str) -> None:
    for statement in (
        f'INSERT INTO "{table}" VALUES (1)',
        f'UPDATE "{table}" SET id = id',
        f'DELETE FROM "{table}"',
        f"WITH gone AS (DELETE FROM {table} RETURNING *) SELECT 1 FROM gone",
        f"TRUNCATE {table}",
        'ROLLBACK TO SAVEPOINT "s1"',
    ):
        standing = Standing("as it was")
        with looked_at(standing):
            noticed(f'SELECT * FROM "{table}"')
            noticed(f"INSERT INTO core_counter SELECT 1 FROM {table}")
            assert standing.mark == "as it was"
            noticed(statement)
            assert standing.mark is None, statement


def test_such_tables_are_the_ones_we_think() -> None:
    assert REFERENCE_TABLES == [
        "catalog_product",
        "catalog_unit",
        "finance_account",
        "finance_journal",
        "finance_period",
        "finance_tax",
        "finance_taxrule",
        "inventory_location",
        "inventory_warehouse",
        "parties_company",
        "sales_pricelist",
    ]
