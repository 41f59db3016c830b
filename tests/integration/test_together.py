"""What is claimed together and only remembers or tells shares a commit: all of it or nothing, and nobody suffers for another."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.db import locked
from core.errors import Refused
from core.events.models import Delivery
from core.events.publishing import publish, quietly
from core.people.models import User
from integration import delivery
from integration.delivery.claiming import Claimed, claim_more, session_working, working
from integration.delivery.running import MOST_TOGETHER, run_group, together
from tests.factories.ground import make_company
from tests.integration.bells import BellRang, Register, ring

Heard = list[tuple[str, int]]


def handler(name: str, heard: Heard, trouble: Callable[[], object] = lambda: None) -> Callable[[BellRang], None]:
    """A handler called ``name`` that writes down in which transaction it ran."""

    def run(event: BellRang) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            transaction = cursor.fetchone()[0]
        trouble()
        heard.append((name, transaction))

    run.__name__ = name
    return run


def refuse() -> None:
    raise Refused("Not this one.")


def stumble() -> None:
    raise ConnectionError("the line is dead")


def standings() -> list[tuple[str, str, int]]:
    return [
        (name.rpartition(".")[2], status, attempts)
        for name, status, attempts in Delivery.objects.order_by("pk").values_list("handler", "status", "attempts")
    ]


@pytest.mark.django_db(transaction=True)
def test_one_that_works_and_those_that_tell_share_a_commit_and_the_one_that_works_goes_first(listen: Register) -> None:
    make_company()
    heard: Heard = []
    listen(handler("tells", heard), beside=True)
    listen(handler("works", heard))
    listen(handler("remembers", heard), beside=True)
    ring("door")
    assert delivery.drain().done == 3
    assert [name for name, _transaction in heard] == ["works", "tells", "remembers"]
    assert len({transaction for _name, transaction in heard}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_that_work_never_share_one(listen: Register) -> None:
    make_company()
    heard: Heard = []
    for name in ("works", "works_too"):
        listen(handler(name, heard))
    ring("door")
    assert delivery.drain().done == 2
    assert len({transaction for _name, transaction in heard}) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("trouble", "ends"), [(refuse, ("dead", 1)), (stumble, ("pending", 1))])
def test_when_one_fails_the_others_are_done_without_it(listen: Register, trouble: Callable[[], object], ends: tuple[str, int]) -> None:
    make_company()
    heard: Heard = []
    listen(handler("works", heard))
    listen(handler("fails", heard, trouble), beside=True)
    listen(handler("tells", heard), beside=True)
    ring("door")
    drained = delivery.drain()
    assert (drained.done, drained.dead + drained.retried) == (2, 1)
    assert standings() == [("works", "done", 1), ("fails", *ends), ("tells", "done", 1)]
    assert len({transaction for _name, transaction in heard[-2:]}) == 2, "each by itself"


@pytest.mark.django_db(transaction=True)
def test_what_a_handler_wrote_before_another_failed_is_written_once(listen: Register) -> None:
    make_company()
    failed: list[str] = []

    def works(event: BellRang) -> None:
        if event.bell == "door":
            with locked(by=User.objects.service()):
                publish(BellRang(bell="echo", times=0))

    def fails_once(event: BellRang) -> None:
        if not failed:
            failed.append(event.bell)
            raise ConnectionError

    listen(works)
    listen(fails_once, beside=True)
    ring("door")
    delivery.drain()
    assert failed == ["door"]
    assert Delivery.objects.filter(key="echo").count() == 2
    assert not Delivery.objects.exclude(status="done").exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_a_paused_handler_waits_and_the_others_are_done(listen: Register, owner: User) -> None:
    heard: Heard = []
    listen(handler("works", heard))
    listen(handler("tells", heard), beside=True)
    ring("door")
    with working() as token:
        claimed = claim_more(token)
        delivery.pause_handler(handler="test_together.tells", reason="Too loud.", by=owner)
        (group,) = together(claimed)
        outcomes, _claimed = run_group(group, token, {}, claims=0)
    assert outcomes == [delivery.Outcome.DONE, delivery.Outcome.WAITS]
    assert [name for name, _transaction in heard] == ["works"]


@pytest.mark.django_db(transaction=True)
def test_one_whose_lease_is_lost_is_left_and_the_others_are_done(listen: Register) -> None:
    make_company()
    heard: Heard = []
    listen(handler("works", heard))
    listen(handler("tells", heard), beside=True)
    ring("door")
    with working() as token:
        (group,) = together(claim_more(token))
        Delivery.objects.filter(handler="test_together.tells").update(status="pending", lease_token=None, lease_until=None)
        outcomes, _claimed = run_group(group, token, {}, claims=0)
    assert outcomes == [delivery.Outcome.DONE, delivery.Outcome.LOST]
    assert delivery.drain().done == 1
    assert [name for name, _transaction in heard] == ["works", "tells"]


def test_a_group_is_of_one_story_tried_for_the_first_time_and_not_long(listen: Register) -> None:
    heard: Heard = []
    listen(handler("tells", heard), beside=True)
    listen(handler("works", heard))

    def claimed(name: str, story: int, attempts: int = 1, actor: int = 1) -> Claimed:
        return Claimed(0, f"test_together.{name}", attempts, story, actor)  # type: ignore[arg-type]

    def sizes(*given: Claimed) -> list[int]:
        return [len(group) for group in together(given)]

    assert sizes() == []
    assert sizes(claimed("works", 1), claimed("tells", 1), claimed("tells", 1)) == [3]
    assert sizes(claimed("works", 1), claimed("works", 1)) == [1, 1]
    assert sizes(claimed("tells", 1), claimed("tells", 2)) == [1, 1], "another story"
    assert sizes(claimed("tells", 1), claimed("tells", 1, actor=2)) == [1, 1], "somebody else's"
    assert sizes(claimed("tells", 1), claimed("tells", 1, attempts=2)) == [1, 1], "tried before"
    assert sizes(claimed("tells", 1), claimed("gone", 1), claimed("gone", 1)) == [2, 1], "nobody knows what it does"
    assert sizes(*[claimed("tells", 1)] * (MOST_TOGETHER + 2)) == [MOST_TOGETHER, 2]


@pytest.mark.django_db(transaction=True)
def test_who_kills_its_worker_in_a_group_takes_nobody_with_it(listen: Register) -> None:
    """Worker after worker dies of it. Its neighbours are done, and lose at most one try."""
    make_company()
    heard: Heard = []
    listen(handler("works", heard))
    listen(handler("poison", heard, lambda: os.kill(os.getpid(), signal.SIGKILL)), beside=True)
    listen(handler("tells", heard), beside=True)
    ring("door")
    for _worker in range(3 * delivery.MAX_ATTEMPTS):
        Delivery.objects.filter(status="pending").update(available_at=timezone.now())
        another_worker()
        if not Delivery.objects.filter(status__in=["pending", "leased"]).exists():
            break
    delivery.drain()
    ends = {name: (status, attempts) for name, status, attempts in standings()}
    assert ends["poison"] == ("dead", delivery.MAX_ATTEMPTS)
    assert {ends["works"][0], ends["tells"][0]} == {"done"}
    assert max(ends["works"][1], ends["tells"][1]) <= 2


def another_worker() -> None:
    """Drains in a process of its own, until it is done or dies."""
    connection.close()
    child = os.fork()
    if child == 0:
        connection.connection = None  # a session of its own, never its parent's
        try:
            with quietly():
                delivery.drain()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_shows_that_it_lives_once_a_session_and_no_longer_after_an_error(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    tokens: list[Any] = []
    for _drain in range(2):
        ring("door")
        with CaptureQueriesContext(connection) as asked:
            delivery.drain()
        assert not [query for query in asked if "advisory_unlock" in query["sql"]]
        with session_working() as token:
            tokens.append(token)
    assert tokens[0] == tokens[1]
    assert held(token)
    with pytest.raises(KeyboardInterrupt), session_working():
        raise KeyboardInterrupt
    assert not held(token)
    with session_working() as another:
        assert another != token


def held(token: object) -> bool:
    """Whether anybody would see that this worker lives: asked by a session of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
            " AND (classid::bigint << 32 | objid::bigint) = hashtextextended('worker ' || %s, 0))",
            [str(token)],
        )
        return bool(cursor.fetchone()[0])
