"""What goes wrong while work is done: by the second, and by how far the work has come, so that a run of any length meets all of it."""

import random
import threading
import time
from collections.abc import Callable

from tests.faults.ground import KERNEL_GIVES_UP, Ground, Workers


class Chaos:
    """Strikes in a thread of its own until it is told to stop. ``progress`` says how much of the work is done, from 0 to 1.

    Workers are killed all the time, one each ``tick`` and now and then the whole group; servers and connections are struck in
    so many ``rounds``.
    """

    def __init__(
        self,
        ground: Ground,
        workers: Workers,
        seed: int,
        progress: Callable[[], float],
        *,
        rounds: int = 5,
        tick: float = 1.0,
        group_every: int = 20,
    ) -> None:
        self.ground, self.workers, self.progress, self.tick, self.group_every = ground, workers, progress, tick, group_every
        self.chance = random.Random(seed)
        self.over = threading.Event()
        self.plan = [(at / (rounds + 1), strike) for at in range(1, rounds + 1) for strike in self.strikes()]
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> "Chaos":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join(180)

    def strikes(self) -> list[Callable[[], object]]:
        """One round of everything that can happen to servers, connections and processes."""
        ground = self.ground
        return [
            ground.restart_postgres,
            ground.kill_redis,
            lambda: self.workers.hang_one(self.chance, 2),
            self.hold_up_connections,
            self.leave_connections_half_open,
        ]

    def run(self) -> None:
        """Tick by tick."""
        ticks = 0
        while not self.over.wait(self.tick * self.chance.uniform(0.7, 1.3)):
            ticks += 1
            if ticks % self.group_every == 0:
                self.workers.kill_all()
                self.workers.kill_clock()
            else:
                self.workers.kill_one(self.chance)
            if self.plan and self.progress() >= self.plan[0][0]:
                self.plan.pop(0)[1]()

    def finish(self) -> None:
        """What of the plan the work was too quick for, in order; then peace."""
        self.over.set()
        self.thread.join(180)
        for _at, strike in self.plan:
            strike()
            time.sleep(self.tick)
        self.plan = []

    def hold_up_connections(self) -> None:
        """Nothing passes for some seconds."""
        self.ground.postgres.pause(2)
        self.ground.redis.pause(5)
        self.ground.count("times all connections held up")

    def leave_connections_half_open(self) -> None:
        """The servers' sides end; the workers hear nothing of it for a while."""
        self.ground.postgres.half_open(KERNEL_GIVES_UP / 5)
        self.ground.redis.half_open(60)
        self.ground.count("times all connections left half open")
