"""What every test may ask for."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg2.errors import DeadlockDetected

from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from tests.factories.ground import make_company, make_user

KEPT_BY_FLUSH = {
    "approvals_secondperson",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "people_companyrole",
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests come first: who is done helps the others, and nobody waits at the end for one long test."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Empty tables between transactional tests although triggers forbid it, and keep the roles.

    The test runner is a superuser: it replays history with triggers off, as a restore would.
    """
    sql_flush, execute = DatabaseOperations.sql_flush, DatabaseOperations.execute_sql_flush

    def without_roles(self: Any, style: Any, tables: Any, **options: Any) -> Any:
        return sql_flush(self, style, [table for table in tables if table not in KEPT_BY_FLUSH], **options)

    def with_triggers_off(self: Any, sql_list: Any) -> None:
        forgotten = "UPDATE approvals_secondperson SET demanded = false"  # the rules stay, whether they are on does not
        statements = ["SET session_replication_role = replica", *sql_list, forgotten, "SET session_replication_role = origin"]
        try:
            execute(self, statements)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            execute(self, statements)  # the server was still answering what a window had asked for that was closed a moment ago

    DatabaseOperations.sql_flush = without_roles  # type: ignore[method-assign]
    DatabaseOperations.execute_sql_flush = with_triggers_off  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush, DatabaseOperations.execute_sql_flush = sql_flush, execute  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a process remembers outlives a test."""
    caches["process"].clear()


@pytest.fixture
def company(db: None) -> Company:
    """The company, with units."""
    return make_company()


@pytest.fixture
def owner(company: Company) -> User:
    """Hendra, who may do everything."""
    return make_user(Role.OWNER)


@pytest.fixture
def seller(company: Company) -> User:
    """Dewi, who sells."""
    return make_user(Role.SALES)


@pytest.fixture
def storekeeper(company: Company) -> User:
    """Budi, who runs the warehouse."""
    return make_user(Role.STOREKEEPER)


@pytest.fixture
def accountant(company: Company) -> User:
    """Siti, who keeps the books."""
    return make_user(Role.ACCOUNTANT)


@pytest.fixture
def auditor(company: Company) -> User:
    """Ratna, who sees everything and changes nothing."""
    return make_user(Role.AUDITOR)
