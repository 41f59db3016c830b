"""A warehouse by itself: nobody listens to what it publishes."""

from collections.abc import Callable

import pytest

from backoffice.inventory.models import Warehouse
from core.catalog.models import Product
from core.events import Event
from core.events.codec import from_json
from core.events.models import Record
from core.parties.models import Company, Party
from core.people.models import User
from tests.factories.ground import make_customer, make_product
from tests.factories.inventory import make_warehouse


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.events.publishing.handlers_of", lambda _event: [])


@pytest.fixture
def warehouse(company: Company) -> Warehouse:
    """The main warehouse."""
    return make_warehouse()


@pytest.fixture
def customer(company: Company) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


@pytest.fixture
def desk(warehouse: Warehouse) -> Product:
    """A standing desk."""
    return make_product("DESK-140")


@pytest.fixture
def lamp(warehouse: Warehouse) -> Product:
    """A desk lamp."""
    return make_product("LAMP-LED")


@pytest.fixture
def by(storekeeper: User) -> User:
    """Budi acts."""
    return storekeeper


@pytest.fixture
def told() -> Callable[..., list[Event]]:
    """The events of these types told so far, or all of the warehouse, oldest first."""

    def of(*types: type[Event]) -> list[Event]:
        records = Record.objects.filter(type__startswith="inventory.").order_by("pk")
        found = records.filter(type__in=[kind.type_name() for kind in types]) if types else records
        return [from_json(record.type, record.schema_version, record.payload) for record in found]

    return of
