"""The back office, as the front office knows it: answers to its questions, fixed for these tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.catalog.models import Product
from core.catalog.questions import Availability, AvailableToPromise
from core.events import Event
from core.events.codec import from_json
from core.events.models import Record
from core.events.question import ANSWERERS
from core.money import ZERO, round_money
from core.parties.models import Party
from core.parties.questions import Credit, CreditStanding
from core.people.models import User
from frontoffice.crm.questions import PriceFor
from frontoffice.sales.operations import price_for
from frontoffice.sales.questions import TaxAnswer, TaxedLine, TaxesFor
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of

RATES = {"standard": Decimal("0.11"), "reduced": Decimal("0.05"), "zero": ZERO, "exempt": ZERO}


@dataclass
class BackOffice:
    """What the back office would answer; a test changes it."""

    limit: Decimal | None = None
    used: Decimal = ZERO
    available: dict[int, Decimal] = field(default_factory=dict)

    def taxes(self, question: TaxesFor) -> TaxAnswer:
        """Tax on each line by its category, rounded by line."""
        lines = []
        for line in question.lines:
            rate = RATES[line.tax_category]
            if question.prices_include_tax:
                net = round_money(line.amount / (1 + rate), question.currency)
                lines.append(TaxedLine(line.key, net, line.amount - net, line.amount))
            else:
                tax = round_money(line.amount * rate, question.currency)
                lines.append(TaxedLine(line.key, line.amount, tax, line.amount + tax))
        net, tax = sum((line.net for line in lines), ZERO), sum((line.tax for line in lines), ZERO)
        return TaxAnswer(net, tax, net + tax, tuple(lines))

    def credit(self, question: CreditStanding) -> Credit:
        """The limit and what is used of it."""
        left = None if self.limit is None else self.limit - self.used
        return Credit(currency="IDR", used=self.used, limit=self.limit, available=left)

    def stock(self, question: AvailableToPromise) -> tuple[Availability, ...]:
        """What is on the shelves."""
        return tuple(
            Availability(pk, self.available.get(pk, ZERO), ZERO, self.available.get(pk, ZERO), ZERO) for pk in question.product_ids
        )


@pytest.fixture(autouse=True)
def back_office(monkeypatch: pytest.MonkeyPatch) -> BackOffice:
    """Every question of the front office has an answer, whatever is installed."""
    office = BackOffice()
    monkeypatch.setitem(ANSWERERS, TaxesFor, office.taxes)
    monkeypatch.setitem(ANSWERERS, CreditStanding, office.credit)
    monkeypatch.setitem(ANSWERERS, AvailableToPromise, office.stock)
    monkeypatch.setitem(ANSWERERS, PriceFor, lambda asked: price_for(asked.product_id, asked.customer_id, asked.quantity, asked.on))
    return office


@pytest.fixture
def customer(company: Any) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


@pytest.fixture
def desk(company: Any) -> Product:
    """A standing desk, Rp 4,750,000."""
    return make_product("DESK-140")


@pytest.fixture
def lamp(company: Any) -> Product:
    """A desk lamp, Rp 485,000."""
    return make_product("LAMP-LED")


@pytest.fixture
def assembly(company: Any) -> Product:
    """A service, Rp 350,000."""
    return make_product("ASSEMBLY", kind=Product.Kind.SERVICE, list_price=Decimal(350_000))


@pytest.fixture
def by(seller: User) -> User:
    """Dewi acts, unless a test says otherwise."""
    return seller


@pytest.fixture
def told() -> Callable[..., list[Event]]:
    """The events told so far, of some types or of all but the ground floor's, oldest first."""

    def of(*types: type[Event]) -> list[Event]:
        records = Record.objects.order_by("pk")
        wanted = [kind.type_name() for kind in types]
        found = records.filter(type__in=wanted) if wanted else records.filter(type__regex=r"^(crm|sales)\.")
        return [from_json(record.type, record.schema_version, record.payload) for record in found]

    return of


@pytest.fixture
def api(by: User) -> APIClient:
    """A seller's program, with a token."""
    return api_of(by)
