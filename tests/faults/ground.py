"""Where trials take place: servers that may be struck, and a group of Celery workers that may be killed. Nothing else is ever touched."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
from redis import Redis, RedisError

from config import machine
from config.bootstrap import ROOT
from config.embedded import Place
from tests.faults.proxy import Proxy

BREATH = 4.0  # seconds a new group has, once its processes are there, before the next accident: killed before, it would never work at all
KERNEL_GIVES_UP = 25.0  # seconds until TCP keepalive says that nobody is there (config/settings.py)


class Ground:
    """A database and a broker behind proxies. ``place`` is there when the servers are the harness's own and may be killed."""

    def __init__(self, database: str, postgres: Path, redis: Path, redis_number: int = 0, place: Place | None = None) -> None:
        self.place, self.database, self.redis_socket, self.redis_number = place, database, redis, redis_number
        self.postgres, self.redis = Proxy(postgres), Proxy(redis)
        self.struck: dict[str, int] = {}

    @property
    def database_url(self) -> str:
        """Through the proxy."""
        return f"postgresql://postgres@127.0.0.1:{self.postgres.port}/{self.database}"

    @property
    def redis_url(self) -> str:
        """Through the proxy."""
        return f"redis://127.0.0.1:{self.redis.port}/{self.redis_number}"

    def count(self, what: str) -> None:
        """Note that something was done to the house."""
        self.struck[what] = self.struck.get(what, 0) + 1

    def restart_postgres(self) -> None:
        """As `pg_ctl restart -m immediate`: no checkpoint, recovery from the log. A database that is not ours loses all its sessions instead."""
        if self.place is None:
            with contextlib.closing(self._admin()) as admin, admin.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [self.database]
                )
            self.count("all sessions of Postgres ended")
            return
        pid = int((self.place.data / "postgres" / "postmaster.pid").read_text().split()[0])
        assert machine.is_running(pid, str(self.place.data))
        os.kill(pid, signal.SIGQUIT)
        self.count("immediate restarts of Postgres")
        wait_until(lambda: not machine.is_running(pid, str(self.place.data)), 30)
        wait_until(self._postgres_answers, 120)

    def kill_redis(self) -> None:
        """kill -9: whatever was in it is gone. One that is not ours is emptied, and its connections are cut."""
        if self.place is None:
            self.flush_redis()
            self.redis.cut()
            return
        with contextlib.suppress(RedisError), self._redis() as redis:
            os.kill(int(redis.info("server")["process_id"]), signal.SIGKILL)
            self.count("kills of Redis")
        wait_until(lambda: machine.redis_says(self.redis_socket, "PING") == "+PONG", 60)

    def flush_redis(self) -> None:
        """Everything in it is forgotten."""
        with contextlib.suppress(RedisError), self._redis() as redis:
            redis.flushdb()
            self.count("flushes of Redis")

    def _redis(self) -> "Redis":
        return Redis.from_url(f"unix://{self.redis_socket}?db={self.redis_number}")

    def _admin(self) -> Any:
        admin = psycopg2.connect(host=str(self.postgres.target.parent), user="postgres", dbname="postgres", connect_timeout=5)
        admin.autocommit = True
        return admin

    def _postgres_answers(self) -> bool:
        try:
            self._admin().close()
        except psycopg2.Error:
            return False
        return True


class Workers:
    """A Celery worker with so many processes, and a clock, as production runs them; or ``light``, the engine without Celery."""

    def __init__(self, ground: Ground, folder: Path, *, processes: int, contender: bool = False, light: bool = False) -> None:
        self.ground, self.folder, self.processes, self.light = ground, folder, processes, light
        self.environment = {
            **os.environ,
            "DATABASE_URL": ground.database_url,
            "REDIS_URL": ground.redis_url,
            "CONN_MAX_AGE": "600",
            "C_FORCE_ROOT": "1",
            "FAULTS_CONTENDER": "1" if contender else "",
            "LOG_LEVEL": "WARNING",
            "PYTHONWARNINGS": "ignore",
        }
        self.first_seen = 0.0
        self.clock: subprocess.Popen[bytes] | None = None
        self.parent: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Workers":
        self.look_after()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        if self.clock:
            self.clock.kill()
            self.clock.wait()

    def look_after(self) -> None:
        """Start what does not run, as a supervisor would. From the main thread only: children die with the thread that started them."""
        if self.parent is None or self.parent.poll() is not None:
            self.first_seen = 0.0
            group = ["worker", "--concurrency", str(self.processes), "--without-gossip", "--without-mingle"]
            light = ["tests.faults.light", str(self.processes)]
            self.parent = self._start(*light) if self.light else self._celery("tests.faults.worker", *group)
        if not self.light and (self.clock is None or self.clock.poll() is not None):
            self.clock = self._celery("config.celery", "beat", "--pidfile", "", "--schedule", str(self.folder / "beat"))

    def stop(self) -> None:
        """kill -9 for the whole group, which has a session of its own."""
        if self.parent:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.parent.pid, signal.SIGKILL)
            self.parent.wait()

    def children(self) -> list[int]:
        """The processes of the group that run tasks."""
        if not self.parent:
            return []
        with contextlib.suppress(OSError):
            return [int(one) for one in Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children").read_text().split()]
        return []

    def breathes(self) -> bool:
        """Whether the processes have been there for a moment, however long the machine took to start them."""
        if self.children() and not self.first_seen:
            self.first_seen = time.monotonic()
        return bool(self.first_seen) and (self.light or time.monotonic() - self.first_seen > BREATH)

    def kill_one(self, chance: random.Random) -> None:
        """kill -9 for one process; Celery starts another."""
        self._signal(chance, signal.SIGKILL, "worker processes killed")

    def kill_all(self) -> None:
        """kill -9 for the group; ``look_after`` starts it again, as a supervisor would."""
        if self.breathes():
            self.stop()
            self.ground.count("worker groups killed")

    def hang_one(self, chance: random.Random, seconds: float) -> None:
        """A process stands still (SIGSTOP) with whatever it holds, and goes on later."""
        child = self._signal(chance, signal.SIGSTOP, "worker processes held still")
        if child:
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGCONT)

    def kill_clock(self) -> None:
        """kill -9 for the clock."""
        if self.clock:
            self.clock.kill()
            self.ground.count("clocks killed")

    def _celery(self, app: str, *words: str) -> "subprocess.Popen[bytes]":
        return self._start("celery", "--quiet", "--app", app, *words, "--loglevel", "ERROR")

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=machine.dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 - prctl alone
            )

    def _signal(self, chance: random.Random, wish: signal.Signals, what: str) -> int:
        children = self.children()
        if not children or not self.breathes():
            return 0
        child = chance.choice(children)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, wish)
            self.ground.count(what)
        return child


def wait_until(fact: Any, seconds: float) -> bool:
    """Poll for a fact; whether it came in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
