"""The line of a handler and key: only its head is looked at, order is exact, and nobody is left standing."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.audit.history import history
from core.errors import TooSoon
from core.events.listening import HANDLERS
from core.events.models import Delivery, HandlerPause, Record
from core.people.models import User
from integration import delivery
from integration.delivery import Outcome
from integration.delivery.claiming import CLAIM, LEASE, give_back, keep, working
from tests.factories.ground import make_company
from tests.integration.bells import BellRang, Register, ring, statuses

MANY = 20_000
BELLS, ROUNDS = 4, 25
SEED_RECORDS = """
    INSERT INTO events_record (event_id, type, schema_version, key, payload, correlation_id, occurred_at, recorded_at)
    SELECT gen_random_uuid(), 'bells.BellRang', 1, 'k', '{"bell": "k", "times": 1}', gen_random_uuid(), now(), now()
    FROM generate_series(1, %s)
"""
SEED_DELIVERIES = """
    INSERT INTO events_delivery (record_id, handler, key, status, attempts, available_at, last_error, skipped_because)
    SELECT id, 'test_lines.hear', (id %% %s)::text, %s, 0, now() + %s * interval '1 hour', '', '' FROM events_record WHERE key = 'k'
"""


def seed(status: str, *, lines: int, hours: int) -> None:
    """Many deliveries in front."""
    with connection.cursor() as cursor:
        cursor.execute(SEED_RECORDS, [MANY])
        cursor.execute(SEED_DELIVERIES, [lines, status, hours])
        cursor.execute("ANALYZE events_delivery")


def explained() -> str:
    """What the database says about a claim it makes."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {CLAIM}", {"now": now, "until": now + LEASE, "token": uuid4(), "limit": 50})
        return "\n".join(line for (line,) in cursor.fetchall())


def buffers() -> int:
    """How many pages a claim touches, by the database's own account: the second one, when it knows the table again as it plans."""
    for _time in range(2):
        with transaction.atomic():
            plan = explained()
            transaction.set_rollback(True)
    return int(re.findall(r"Buffers: shared hit=(\d+)", plan)[0])


def alone(work: Callable[[Any], Any], given: object) -> Any:
    """What a thread does, on a connection of its own."""
    try:
        return work(given)
    finally:
        connection.close()


def a_worker_claims_and_dies() -> None:
    """It has, when its database session has ended for the database, too: a client hangs up a moment before the server notices."""
    sessions: list[int] = []

    def claim_and_die() -> None:
        delivery.claim()
        sessions.append(connection.connection.info.backend_pid)
        connection.close()

    worker = Thread(target=claim_and_die)
    worker.start()
    worker.join()
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [sessions])
            if cursor.fetchone() == (0,):
                return


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "lines", "hours"), [("pending", MANY, 1), ("queued", 10, -1), ("dead", MANY, -1)])
def test_a_claim_touches_as_little_with_many_in_front(listen: Register, status: str, lines: int, hours: int) -> None:
    """Waiting for a later hour, queued behind somebody, or dead: they cost nothing."""
    make_company()
    listen(lambda event: None)
    ring("door")
    empty = buffers()
    seed(status, lines=lines, hours=hours)
    assert buffers() <= empty + 12
    assert len(delivery.claim()) == 1


@pytest.mark.django_db(transaction=True)
def test_who_stands_behind_is_met_once_and_then_costs_nothing(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("door")
    empty = buffers()
    seed("pending", lines=10, hours=-1)
    assert len(delivery.claim(limit=500)) == 10
    while delivery.claim(limit=500):
        pass
    assert Delivery.objects.filter(status="queued").count() == MANY - 10
    with connection.cursor() as cursor:
        cursor.execute("VACUUM events_delivery")
    assert buffers() <= empty + 12


@pytest.mark.django_db
def test_a_delivery_costs_two_statements_of_the_engine(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("door", by=User.objects.service())
    ((row, token),) = delivery.claim()
    house = User.objects.service()
    with CaptureQueriesContext(connection) as asked:
        assert delivery.run(row, token, {house.pk: house}) is Outcome.DONE
    statements = [query["sql"].rpartition("*/ ")[2].split()[0] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert statements == ["SELECT", "SELECT"]  # mine? and whose deed it is; done, and the next one forward


@pytest.mark.django_db
def test_a_claim_of_many_costs_as_many_statements_as_a_claim_of_one(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    for bell in range(30):
        ring(f"bell {bell}")
    with working() as token, CaptureQueriesContext(connection) as asked:
        assert len(delivery.claim(token)) == 30
    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 1


@pytest.mark.django_db
def test_waits_double_up_to_an_hour_and_are_spread() -> None:
    for attempts, seconds in ((1, 2), (5, 32), (10, 1024), (11, 2048), (12, 3600), (40, 3600)):
        waits = [delivery.waiting_time(attempts).total_seconds() for _ in range(200)]
        assert seconds * 0.75 <= min(waits) < max(waits) <= seconds * 1.25
        assert len(set(waits)) > 100


@pytest.mark.django_db
def test_what_comes_too_soon_is_tried_again_and_others_go_on_meanwhile(listen: Register) -> None:
    make_company()
    arrived: list[str] = []

    def hear(event: BellRang) -> None:
        if event.bell == "door" and "window" not in arrived:
            raise TooSoon("The window comes first.")
        arrived.append(event.bell)

    listen(hear)
    for bell in ("door", "window", "door"):
        ring(bell)
    assert (delivery.drain().retried, arrived) == (1, ["window"])
    assert statuses() == [("door", "pending"), ("window", "done"), ("door", "queued")]
    Delivery.objects.filter(status="pending").update(available_at=timezone.now())
    delivery.drain()
    assert arrived == ["window", "door", "door"]


# -- Leases -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_had_not_begun_loses_no_attempt_and_waits_for_no_clock(listen: Register) -> None:
    """Its database session ended, so others know at once; only the first of its batch can have killed it."""
    make_company()
    listen(lambda event: None)
    for bell in ("poison", "innocent", "bystander"):
        ring(bell)

    a_worker_claims_and_dies()
    assert delivery.claim() == []
    assert delivery.reclaim() == []
    assert list(Delivery.objects.order_by("pk").values_list("key", "status", "attempts")) == [
        ("poison", "pending", 1),
        ("innocent", "pending", 0),
        ("bystander", "pending", 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_kills_every_worker_is_dead_in_the_end_and_nobody_beside_it(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("poison")

    for attempt in range(delivery.MAX_ATTEMPTS):
        ring(f"bystander {attempt}")
        a_worker_claims_and_dies()
        if attempt < delivery.MAX_ATTEMPTS - 1:
            assert delivery.reclaim() == []
            waits = Delivery.objects.get(key="poison").available_at - timezone.now()
            assert (waits > timedelta(seconds=1)) == (attempt > 0), "it is not tried again in a hot loop"
            Delivery.objects.filter(key="poison").update(available_at=timezone.now() - timedelta(hours=1))
    drained = delivery.drain()
    assert (drained.dead, drained.done) == (1, delivery.MAX_ATTEMPTS)
    assert Delivery.objects.dead().get().key == "poison"


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_takes_longer_than_its_lease_is_left_to_finish(listen: Register) -> None:
    make_company()
    begun, may_end = Signal(), Signal()
    heard: list[str] = []

    def hear(event: BellRang) -> None:
        begun.set()
        assert may_end.wait(30)
        heard.append(event.bell)

    listen(hear)
    ring("door")
    ((row, token),) = delivery.claim()
    Delivery.objects.update(lease_until=timezone.now() - timedelta(minutes=5))
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(alone, lambda row: delivery.run(row, token), row)
        assert begun.wait(30)
        assert delivery.drain().any is False
        may_end.set()
        assert outcome.result(30) is Outcome.DONE
    assert (heard, statuses()) == (["door"], [("door", "done")])


@pytest.mark.django_db
def test_a_worker_keeps_what_it_has_not_begun_and_gives_it_back_when_its_time_is_up(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("door")
    with working() as token:
        delivery.claim(token)
        Delivery.objects.update(lease_until=timezone.now())
        keep(token)
        assert Delivery.objects.filter(lease_until__gt=timezone.now() + delivery.LEASE / 2).exists()
        give_back(token)
    row = Delivery.objects.get()
    assert (row.status, row.attempts, row.lease_token) == ("pending", 0, None)


@pytest.mark.django_db
def test_a_drain_begins_nothing_after_its_time(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("door")
    assert delivery.drain(seconds=-1).any is False
    assert list(Delivery.objects.values_list("status", "attempts")) == [("pending", 0)]


# -- The kill switch --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_paused_handler_waits_untouched_and_goes_on_in_order(listen: Register, owner: User) -> None:
    heard: list[tuple[str, int]] = []
    others: list[str] = []

    def hear(event: BellRang) -> None:
        heard.append((event.bell, event.times))

    def hear_too(event: BellRang) -> None:
        others.append(event.bell)

    listen(hear)
    listen(hear_too)
    ring("door", 1)
    pause = delivery.pause_handler(handler="test_lines.hear", reason="It rings too loud.", by=owner)
    ring("door", 2)
    ring("window", 1)
    assert delivery.drain().done == 3
    assert (heard, sorted(others)) == ([], ["door", "door", "window"])
    waiting = Delivery.objects.filter(handler="test_lines.hear")
    assert list(waiting.values_list("status", "attempts", "last_error").distinct()) == [("queued", 0, "")]
    assert delivery.claim() == []

    delivery.resume_handler(pause, by=owner)
    delivery.drain()
    assert sorted(heard) == [("door", 1), ("door", 2), ("window", 1)]
    assert heard.index(("door", 1)) < heard.index(("door", 2))
    pause.refresh_from_db()
    assert (pause.reason, pause.paused_by, pause.ended_by) == ("It rings too loud.", owner, owner)
    assert {change.actor_id for change in history(pause)} == {owner.pk}
    assert len(history(pause)) == 2


@pytest.mark.django_db
def test_a_handler_is_paused_once_with_a_reason_and_resumed_once(listen: Register, owner: User) -> None:
    def hear(event: BellRang) -> None:
        pass

    listen(hear)
    with pytest.raises(delivery.ReasonMissing):
        delivery.pause_handler(handler="test_lines.hear", reason=" ", by=owner)
    with pytest.raises(delivery.UnknownHandler):
        delivery.pause_handler(handler="test_lines.nobody", reason="Why not.", by=owner)
    assert not HandlerPause.objects.exists()
    pause = delivery.pause_handler(handler="test_lines.hear", reason="It rings too loud.", by=owner)
    with pytest.raises(delivery.AlreadyPaused):
        delivery.pause_handler(handler="test_lines.hear", reason="Again.", by=owner)
    delivery.resume_handler(pause, by=owner)
    with pytest.raises(delivery.NotPaused):
        delivery.resume_handler(pause, by=owner)
    assert HandlerPause.objects.count() == 1


@pytest.mark.django_db
def test_what_was_claimed_before_a_pause_goes_back_unharmed(listen: Register, owner: User) -> None:
    heard: list[str] = []

    def hear(event: BellRang) -> None:
        heard.append(event.bell)

    listen(hear)
    ring("door")
    ((row, token),) = delivery.claim()
    delivery.pause_handler(handler="test_lines.hear", reason="Stop.", by=owner)
    assert delivery.run(row, token) is Outcome.WAITS
    assert (heard, list(Delivery.objects.values_list("status", "attempts"))) == ([], [("pending", 0)])
    assert delivery.drain().any is False


# -- Without Redis ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_everything_is_drained_without_redis(
    listen: Register, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from config.celery import app  # noqa: PLC0415 - it reads the settings

    make_company()
    heard: list[str] = []
    listen(lambda event: heard.append(event.bell))
    with app.connection_for_write("redis+socket:///nowhere/redis.sock") as nowhere:
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        monkeypatch.setattr(app, "connection_for_write", lambda *_args, **_kwargs: nowhere)
        ring("door")
        call_command("drain")
    assert "No worker could be woken" in caplog.text
    assert heard == ["door"]
    assert "1 done, 0 to be retried, 0 dead; 0 waiting and 0 dead in all" in capsys.readouterr().out


# -- Racing -----------------------------------------------------------------------------------------------------------


def publish_all(bell: int) -> None:
    for times in range(ROUNDS):
        ring(f"bell {bell}", times)


def work_until(over: Signal) -> None:
    while not over.is_set():
        delivery.drain(seconds=5)
        Delivery.objects.filter(status="pending", available_at__gt=timezone.now()).update(available_at=timezone.now())


def meddle(times: int) -> None:
    for _ in range(times):
        pause = delivery.pause_handler(handler="test_lines.hear", reason="Meddling.", by=User.objects.service())
        delivery.resume_handler(pause, by=User.objects.service())


@pytest.mark.django_db(transaction=True)
def test_order_is_exact_while_four_workers_publishers_and_an_operator_race(listen: Register) -> None:
    """Handlers fail now and then, an operator stops and starts the handler: nobody is overtaken, nobody stays behind."""
    make_company()
    chance = random.Random(20261123)
    heard: list[tuple[str, int]] = []
    stumbled: set[tuple[str, int]] = set()

    def hear(event: BellRang) -> None:
        fact = (event.bell, event.times)
        if fact not in stumbled and chance.random() < 0.1:
            stumbled.add(fact)
            raise ConnectionError
        heard.append(fact)

    listen(hear)
    over = Signal()
    with ThreadPoolExecutor(9) as pool:
        busy = [pool.submit(alone, publish_all, bell) for bell in range(BELLS)] + [pool.submit(alone, meddle, 6)]
        workers = [pool.submit(alone, work_until, over) for _ in range(4)]
        for one in busy:
            one.result(120)
        deadline = timezone.now() + timedelta(seconds=120)
        while Delivery.objects.unfinished().exists() and timezone.now() < deadline:
            os.sched_yield()
        over.set()
        for one in workers:
            one.result(60)
    assert statuses(status="queued") == []
    assert len(heard) == len(set(heard)) == BELLS * ROUNDS
    for bell in range(BELLS):
        assert [times for name, times in heard if name == f"bell {bell}"] == list(range(ROUNDS))
    assert stumbled


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_order_is_exact_while_workers_are_killed() -> None:
    """Worker processes that kill themselves with -9 in the middle of handlers: everything once, in order, and nothing is left."""
    make_company()
    bells, rounds = 10, 30
    for times in range(rounds):
        for bell in range(bells):
            ring(f"bell {bell}", times)
    with transaction.atomic():
        Delivery.objects.bulk_create(
            Delivery(record=record, handler="bell_workers.echo", key=record.key) for record in Record.objects.filter(type="bells.BellRang")
        )
    address = re.sub(r"/[^/?]+(\?|$)", rf"/{connection.settings_dict['NAME']}\1", os.environ["DATABASE_URL"])
    group = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.integration.bell_workers", "20261123"],
        cwd=settings.ROOT,
        env={**os.environ, "DATABASE_URL": address},
        timeout=300,
        capture_output=True,
        text=True,
    )
    assert group.returncode == 0, group.stderr
    killed = int(group.stdout.split()[-1])
    assert killed >= 3
    assert len(statuses(status="done")) == bells * rounds
    echoes = list(Record.objects.filter(type="bell_workers.EchoHeard").order_by("pk").values_list("key", "payload__times"))
    assert len(echoes) == bells * rounds
    for bell in range(bells):
        assert [times for key, times in echoes if key == f"bell {bell}"] == list(range(rounds))
    assert Delivery.objects.filter(attempts__gt=1).exists()


def test_no_test_leaves_its_handlers_behind() -> None:
    assert not [name for name in HANDLERS if name.startswith("test_")]
