"""The harness at its smallest: worker processes on this run's own database, killed, cut off and left hanging while orders become cash."""

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis

from core.events.models import Delivery
from core.people.models import User
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.faults.chaos import Chaos
from tests.faults.flows import Flows
from tests.faults.ground import Ground, Workers

FLOWS, KILLS = 200, 30
pytestmark = pytest.mark.slow


@pytest.fixture
def ground(redis: Redis, transactional_db: None) -> Ground:
    """This run's database and its Redis database, behind proxies. The servers are shared with other tests and are not struck."""
    socket, _, number = settings.REDIS_URL.removeprefix("unix://").partition("?db=")
    postgres = Path(str(connection.settings_dict["HOST"])) / ".s.PGSQL.5432"
    return Ground(str(connection.settings_dict["NAME"]), postgres, Path(socket), int(number))


def test_orders_become_cash_once_whatever_happens_to_workers_and_connections(ground: Ground, tmp_path: Path) -> None:
    make_house()
    flows = Flows("ci", FLOWS, [make_customer()], [make_stocked(quantity=FLOWS)], User.objects.service())

    def go_on() -> None:
        workers.look_after()
        flows.step()
        with flows.patience():  # who was killed waits longer and longer before it is tried again; a test does not
            Delivery.objects.filter(status="pending", available_at__gt=timezone.now()).update(available_at=timezone.now())

    with Workers(ground, tmp_path, processes=2, light=True) as workers:
        with Chaos(ground, workers, 20261124, lambda: flows.known, rounds=1, tick=0.7, group_every=10_000) as chaos:
            while flows.share < 0.9 and ground.struck.get("worker processes killed", 0) < KILLS:
                go_on()
            chaos.finish()
        patience = time.monotonic() + 300
        while not flows.is_over() and time.monotonic() < patience:
            go_on()
    assert ground.struck["worker processes killed"] > 2
    assert ground.struck["all sessions of Postgres ended"] == 1
    outcome = flows.outcome()
    assert outcome.is_whole, outcome
