"""Each promise of carrying, tried: what was done, what came of it, and whether it held."""

import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from django.db import connection
from django.utils import timezone

from config.bootstrap import ROOT
from config.celery import app
from core.catalog.models import Product
from core.db import locked
from core.events.models import Delivery, Record
from core.events.publishing import publish, quietly
from core.parties.models import Party
from core.people.models import User
from integration import delivery
from tests.faults.bells import BellStruck
from tests.faults.chaos import Chaos
from tests.faults.contender import instead_of_the_engine
from tests.faults.flows import Flows, Outcome
from tests.faults.ground import Ground, Workers, wait_until
from tests.journeys.test_replay import everything

BELLS = 50
STROKES_A_COMMIT = 25


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    flows: int
    contender: int
    strokes: int
    poison: int
    down: float
    throughput: int
    latency: int
    patience: float = 90.0


SIZES = {
    "ci": Size(flows=40, contender=40, strokes=300, poison=200, down=5, throughput=300, latency=30),
    "half": Size(flows=300, contender=300, strokes=2_000, poison=1_000, down=30, throughput=1_000, latency=100),
    "full": Size(flows=2_000, contender=1_000, strokes=10_000, poison=2_000, down=120, throughput=5_000, latency=300),
}


@dataclass
class Finding:
    """One row of the table. A promise that is none of ours (the contender's) cannot be broken."""

    number: str
    promise: str
    done: str
    came: str
    holds: bool
    took: str = ""
    ours: bool = True


@dataclass
class Trials:
    """All that trials share: the ground, how much, the seed, and a company to live with."""

    ground: Ground
    size: Size
    seed: int
    folder: Path
    customers: list[Party]
    goods: list[Product]
    by: User
    findings: list[Finding] = field(default_factory=list)

    def flows(self, name: str, count: int) -> Flows:
        """So many order-to-cash flows to come."""
        return Flows(name, count, self.customers, self.goods, self.by)

    def workers(self, processes: int = 4, *, contender: bool = False) -> Workers:
        """A group on this ground."""
        return Workers(self.ground, self.folder, processes=processes, contender=contender)

    # -- 1: nothing lost, nothing doubled -----------------------------------------------------------------------------
    def nothing_lost(self) -> Finding:
        """Order to cash while everything is struck."""
        outcome, done = self.lived_through(self.flows("engine", self.size.flows))
        return Finding("1", "Nothing lost, nothing doubled", done, outcome.in_words(), outcome.is_whole)

    def the_contender(self) -> Finding:
        """The same with `on_commit(task.delay)`."""
        with instead_of_the_engine(app):
            outcome, done = self.lived_through(self.flows("plain", self.size.contender), contender=True)
        return Finding(
            "–", "The plain design instead: on_commit(task.delay), late acks", done, outcome.in_words(), outcome.is_whole, ours=False
        )

    def the_contender_with_kills_only(self) -> Finding:
        """The same while only its workers are killed."""
        with instead_of_the_engine(app):
            outcome, done = self.lived_through(self.flows("plain-kills", self.size.contender), contender=True, rounds=0)
        return Finding("–", "The plain design, only its workers killed", done, outcome.in_words(), outcome.is_whole, ours=False)

    def lived_through(self, flows: Flows, *, contender: bool = False, rounds: int = 5) -> tuple[Outcome, str]:
        """Live the flows while everything is struck; then peace, until nothing moves any more."""
        self.ground.struck = {}
        share = [0.0]
        with self.workers(contender=contender) as workers:
            with Chaos(self.ground, workers, self.seed, lambda: share[0], rounds=rounds) as chaos:
                self._live(flows, share, workers, until=lambda: share[0] >= 0.9, patience=self.size.patience)
                chaos.finish()
            self._live(flows, share, workers, until=flows.is_over, patience=self.size.patience / (2 if contender else 1))
            outcome = flows.outcome()
            if outcome.lost:  # what is noted last may be a moment behind
                wait_until(lambda: not flows.outcome().lost, 15)
                outcome = flows.outcome()
        return outcome, told(self.ground.struck)

    def _live(self, flows: Flows, share: list[float], workers: Workers, *, until: Callable[[], bool], patience: float) -> None:
        best, since = -(10**9), time.monotonic()
        while not until():
            workers.look_after()
            flows.step()
            share[0] = flows.share
            now = flows.progress()
            if now > best:
                best, since = now, time.monotonic()
            if time.monotonic() - since > patience:
                return

    # -- 2: Redis is disposable ---------------------------------------------------------------------------------------
    def redis_is_disposable(self) -> Finding:
        """Emptied five times, then gone for a while; then no Redis at all."""
        self.ground.struck = {}
        many, share, emptied = max(10, self.size.flows // 20), [0.0], 0
        before, during = self.flows("redis emptied", many), self.flows("redis gone", many)
        with self.workers(2) as workers:
            while emptied < 5:
                workers.look_after()
                before.step()
                if before.share >= (emptied + 1) / 8:
                    self.ground.flush_redis()
                    emptied += 1
            self.ground.redis.refuse(True)
            gone = time.monotonic()
            while time.monotonic() - gone < self.size.down:
                during.step()
            self.ground.redis.refuse(False)
            back = time.monotonic()
            self._live(during, share, workers, until=during.is_over, patience=self.size.patience)
            drained = time.monotonic() - back
            self._live(before, share, workers, until=before.is_over, patience=self.size.patience)
        outcomes = [before.outcome(), during.outcome()]
        self.flows("without Redis", 10).step()
        without = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "django", "drain"],
            cwd=ROOT,
            env=self.workers().environment | {"REDIS_URL": "unix:///nowhere/redis.sock?db=0"},
            capture_output=True,
            text=True,
            check=False,
        )
        left = Delivery.objects.on_its_way().count()
        came = "; ".join(outcome.in_words() for outcome in outcomes)
        came += f", all done {drained:.0f} s after its return; {left} left by `manage.py drain` without Redis"
        holds = all(outcome.is_whole for outcome in outcomes) and drained <= 60 and without.returncode == 0 and not left
        return Finding("2", "Redis is disposable", f"emptied {emptied} times, then gone for {self.size.down:.0f} s", came, holds)

    # -- 3: order per record ------------------------------------------------------------------------------------------
    def order_per_record(self) -> Finding:
        """Strokes of fifty bells by four workers that are killed."""
        self.ground.struck = {}
        first = newest()
        strike(self.size.strokes)
        left = Delivery.objects.filter(record_id__gt=first, handler="bells.echo").exclude(status="done")

        def waits_for(fact: Callable[[], bool]) -> None:
            wait_until(lambda: cared_for(workers) and fact(), self.size.patience + self.size.strokes / 5)

        with self.workers() as workers:
            with Chaos(self.ground, workers, self.seed, lambda: 0.0, rounds=0):
                waits_for(lambda: left.count() < self.size.strokes / 10)
            waits_for(lambda: not moving_on())
        heard: dict[str, list[int]] = defaultdict(list)
        for bell, times in Record.objects.filter(pk__gt=first, type="bells.EchoHeard").order_by("pk").values_list("key", "payload__times"):
            heard[bell].append(times)
        inversions = sum(a >= b for row in heard.values() for a, b in pairwise(row))
        count = sum(len(row) for row in heard.values())
        came = f"{count:,} of {self.size.strokes:,} events in {len(heard)} lines, {inversions} inversions"
        return Finding("3", "Order per record", told(self.ground.struck), came, (count, inversions) == (self.size.strokes, 0))

    # -- 4: poison never stops others ---------------------------------------------------------------------------------
    def poison_stops_nobody(self) -> Finding:
        """One in a hundred raises, one in a thousand kills its worker; how the others fare beside an untroubled run."""
        many = self.size.poison
        raising, killing = max(2, many // 100), max(1, many // 1000)
        fates = ["raises"] * raising + ["kills"] * killing
        before, first = self._p99(many, []), newest()
        troubled = self._p99(many, fates, until_dead=len(fates))
        bad = Delivery.objects.filter(record_id__gt=first, record__payload__fate__in=["raises", "kills"])
        dead, most = bad.filter(status="dead").count(), max(bad.values_list("attempts", flat=True))
        healthy = (before + self._p99(many, [])) / 2  # before and after: the machine may have other work
        came = f"{dead} of {len(fates)} dead, after at most {most} attempts; p99 of the others {troubled:.1f} s beside {healthy:.1f} s without poison"
        holds = dead == len(fates) and most <= delivery.MAX_ATTEMPTS and troubled < 2 * max(healthy, 1.0)
        Delivery.objects.filter(record_id__gt=first, status="dead").delete()  # of our own database; the next trial starts clean
        Delivery.objects.filter(record_id__gt=first, status="queued").delete()
        return Finding("4", "Poison never stops others", f"{raising} handlers raise, {killing} kill their worker, of {many:,}", came, holds)

    def _p99(self, many: int, fates: list[str], until_dead: int = 0) -> float:
        first = newest()
        strike(many, fates)
        ours = Delivery.objects.filter(record_id__gt=first, handler="bells.echo")
        fine = ours.filter(record__payload__fate="", record__key__startswith="bell")
        with self.workers() as workers:
            wait_until(lambda: not fine.filter(status__in=Delivery.ON_ITS_WAY).exists(), self.size.patience + many / 5)

            def all_dead() -> bool:
                workers.look_after()  # the waits between attempts are shortened, or this would take an hour
                ours.filter(status="pending", available_at__gt=timezone.now()).update(available_at=timezone.now())
                return ours.filter(status="dead").count() >= until_dead

            wait_until(all_dead, self.size.patience)
        moments = sorted(at for at in fine.values_list("done_at", flat=True) if at)
        return quantiles([(at - moments[0]).total_seconds() for at in moments], n=100)[98]

    # -- 5: replay is safe --------------------------------------------------------------------------------------------
    def replay_is_safe(self) -> Finding:
        """Every delivery of what was lived so far is run again."""
        mine = Delivery.objects.exclude(handler="bells.echo")
        before, many = everything(), mine.count()
        mine.update(status=Delivery.Status.PENDING, done_at=None, attempts=0)
        delivery.drain()
        after = everything()
        changed = sum(before[table] != after[table] for table in before)
        undone = mine.exclude(status="done").count()
        came = f"{many:,} deliveries run again, {undone} not done, {changed} of {len(before)} tables changed"
        return Finding("5", "Replay is safe", "every delivery reset to pending", came, (changed, undone) == (0, 0))

    # -- 6, 7, 16: their size is the one of the tests -----------------------------------------------------------------
    def by_tests(self, number: str, promise: str, done: str, *files: str) -> Finding:
        """Run the tests that prove a promise, on these servers."""
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            "--reuse-db",
            *files,
        ]
        tests = subprocess.run(
            command, cwd=ROOT, env=self.workers().environment | {"DATABASE_URL": direct()}, capture_output=True, text=True, check=False
        )
        words = (tests.stdout.strip().splitlines() or ["it said nothing"])[-1].strip("= ")
        return Finding(number, promise, done, words, tests.returncode == 0)

    # -- How fast, when all is well -----------------------------------------------------------------------------------
    def throughput(self, processes: int) -> Finding:
        """Events a second through so many worker processes."""
        first = newest()
        strike(self.size.throughput)
        ours = Delivery.objects.filter(record_id__gt=first, handler="bells.echo")
        with self.workers(processes):
            wait_until(lambda: not ours.exclude(status="done").exists(), self.size.patience + self.size.throughput / 5)
        moments = sorted(at for at in ours.values_list("done_at", flat=True) if at)
        rate = (len(moments) - 1) / max(0.001, (moments[-1] - moments[0]).total_seconds())
        promise = f"Throughput of {processes} worker process{'es' if processes > 1 else ''}"
        done = f"{self.size.throughput:,} events, everything healthy"
        return Finding("–", promise, done, f"{rate:.0f} events/s", len(moments) == self.size.throughput)

    def latency(self) -> Finding:
        """From the commit of an event to the end of its handler, four workers at rest."""
        committed: dict[int, float] = {}
        with self.workers():
            strike(1)
            wait_until(lambda: not moving_on(), 60)
            for number in range(self.size.latency):
                with locked(by=self.by):
                    record = publish(BellStruck(bell=f"bell {number % BELLS}", times=number))
                committed[record.pk] = timezone.now().timestamp()
                time.sleep(0.1)
            wait_until(lambda: not moving_on(), 60)
        rows = Delivery.objects.filter(record_id__in=committed).values_list("record_id", "done_at")
        took = quantiles([(at.timestamp() - committed[pk]) * 1000 for pk, at in rows if at], n=100)
        came = f"p50 {took[49]:.0f} ms, p99 {took[98]:.0f} ms"
        return Finding(
            "–", "Commit to handled, everything healthy", f"{len(committed)} events, ten a second", came, len(rows) == len(committed)
        )


def strike(many: int, fates: list[str] | None = None) -> None:
    """Strike bells, some to a commit, without waking anybody; those with a fate have lines of their own, spread among the others."""
    by, fates = User.objects.service(), list(fates or [])
    every = many // (len(fates) + 1) if fates else many + 1
    with quietly():
        for begin in range(0, many, STROKES_A_COMMIT):
            with locked(by=by):
                for number in range(begin, min(many, begin + STROKES_A_COMMIT)):
                    publish(BellStruck(bell=f"bell {number % BELLS}", times=number))
                    if fates and number % every == every - 1:
                        publish(BellStruck(bell=f"cracked {number}", times=number, fate=fates.pop()))


def cared_for(workers: Workers) -> bool:
    """The group runs, or is started again."""
    workers.look_after()
    return True


def newest() -> int:
    """The number of the latest record."""
    last = Record.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def moving_on() -> bool:
    """Whether anything is on its way; with what backs off asked to come at once."""
    Delivery.objects.filter(status="pending", available_at__gt=timezone.now() + timedelta(seconds=5)).update(available_at=timezone.now())
    return Delivery.objects.on_its_way().exists()


def direct() -> str:
    """The database's own address, not through the proxy."""
    told_to = connection.settings_dict
    return f"postgresql://postgres@{str(told_to['HOST']).replace('/', '%2F')}/{told_to['NAME']}"


def told(struck: dict[str, int]) -> str:
    """What was done to the house, in words."""
    return ", ".join(f"{count} {what}" for what, count in Counter(struck).most_common()) or "nothing"
