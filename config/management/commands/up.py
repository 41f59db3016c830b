"""`manage.py up`: everything a person needs to see Satu live, started by one command and stopped by Ctrl-C."""

import contextlib
import fcntl
import io
import ipaddress
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import FrameType
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from config import embedded
from config.bootstrap import ROOT
from config.supervisor import Program, Supervisor, python
from core.parties.models import Company
from core.people.models import User
from integration.demo import cast

LASTING = ("postgres", "postgres.new", "media", "celerybeat-schedule", "demo-loading")
DISK_NEEDED = 500  # MB
LOADING = embedded.DATA / "demo-loading"  # there while the demo is being loaded: found at a start, that was interrupted
WEB_SECONDS = 180


class CannotUp(Exception):
    """Why it does not start, in one sentence that says what to do."""


class Command(BaseCommand):
    help = "Starts everything: database, web, worker, clock, and a demo company at the first time."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the web server listens (8000)")
        parser.add_argument("--host", default="127.0.0.1", help="the address it listens at (127.0.0.1)")
        parser.add_argument("--fresh", action="store_true", help="throw the data away and start over")
        parser.add_argument("--no-demo", action="store_true", help="an empty company instead of the demo")

    def handle(self, *, port: int, host: str, fresh: bool, **options: Any) -> None:
        for wish in (signal.SIGINT, signal.SIGTERM):  # a shell's background job is born deaf to SIGINT
            signal.signal(wish, interrupt)
        try:
            check_host(host)
            with the_only_one(f"http://{host}:{port}"):
                check_port(host, port)
                check_disk()
                if fresh:
                    start_over()
                self.run(host, port)
        except (CannotUp, embedded.CannotStart) as reason:
            sys.exit(f"Satu cannot start: {reason}")
        except KeyboardInterrupt:
            self.say("Stopped.")

    def say(self, line: str = "") -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def run(self, host: str, port: int) -> None:
        """Bring everything up in order, stay until Ctrl-C, and take it down in the opposite order."""
        given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
        self.say(f"  Starting {'on the given Postgres and Redis' if given else 'Postgres and Redis'}")
        with contextlib.nullcontext() if given else embedded.running():
            self.prepare()
            supervisor = Supervisor(programs(host, port), self.say)
            try:
                self.say("  Starting web, worker and clock")
                supervisor.start()
                wait_for_web(supervisor, host, port)
                self.welcome(f"http://{host}:{port}")
                supervisor.run()
            finally:
                for impatience in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C must not leave half of it running
                    signal.signal(impatience, signal.SIG_IGN)
                self.say("\n  Stopping")
                supervisor.stop()

    def prepare(self) -> None:
        """The database in its newest shape, the static files made, the demo company loaded: whatever is not yet so."""
        if LOADING.exists():
            self.say("  The demo was not loaded to its end the last time; starting it over")
            empty_database()
        self.say("  Bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("build_assets", verbosity=0, stdout=io.StringIO())
        if settings.DEMO and not Company.objects.exists():
            self.say("  Loading the demo company: a year of business, lived through the real operations (some minutes, this once)")
            load_demo()
        connection.close()

    def welcome(self, url: str) -> None:
        """Where to look, and who to be."""
        self.say(f"\n  Satu is ready: {url}\n")
        for line in sign_ins():
            self.say(f"    {line}")
        if not Company.objects.exists():
            self.say("    There is no company yet: python3 manage.py found_company --help says how to found one.")
        connection.close()
        self.say("\n  Ctrl-C stops everything. The data stays; `python3 manage.py up --fresh` starts over.\n")


def interrupt(signum: int, frame: FrameType | None) -> None:
    """A polite end is the same as Ctrl-C."""
    raise KeyboardInterrupt


# -- May it start? ----------------------------------------------------------------------------------------------------
def check_host(host: str) -> None:
    """The demo's passwords are known to everybody, so it is shown to this machine only."""
    try:
        loopback = all(ipaddress.ip_address(str(found[4][0])).is_loopback for found in socket.getaddrinfo(host, None))
    except OSError as error:
        raise CannotUp(f"{host} is not an address of this machine; leave --host out to listen at 127.0.0.1.") from error
    if settings.DEMO and not loopback:
        raise CannotUp(f"the demo has passwords that everybody knows, so it does not listen at {host}; use 127.0.0.1, or add --no-demo.")


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError as error:
            raise CannotUp(
                f"port {port} of {host} is taken by another program ({error.strerror}); choose another one with --port {port + 1}."
            ) from error
        except OverflowError as error:
            raise CannotUp(f"{port} is not a port; choose one between 1024 and 65535 with --port.") from error


def check_disk() -> None:
    free = shutil.disk_usage(embedded.DATA).free // 2**20
    if free < DISK_NEEDED:
        raise CannotUp(f"the disk of {ROOT} has {free} MB free and Satu needs about {DISK_NEEDED} MB; free some and start again.")


@contextlib.contextmanager
def the_only_one(url: str) -> Iterator[None]:
    """Two of them would fight over the same data."""
    embedded.DATA.mkdir(parents=True, exist_ok=True)
    with (embedded.DATA / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            other = json.loads(file.read() or '{"url": "?", "process": "?"}')
            raise CannotUp(f"it already runs at {other['url']} (process {other['process']}); stop that one with Ctrl-C first.") from error
        file.truncate(0)
        file.write(json.dumps({"url": url, "process": os.getpid()}))
        file.flush()
        yield


# -- Getting ready ----------------------------------------------------------------------------------------------------
def start_over() -> None:
    """Throw away the data of the embedded servers; nobody may be using it."""
    if os.environ.get("DATABASE_URL"):
        raise CannotUp("--fresh throws away embedded data only; the database that DATABASE_URL names is yours to empty.")
    if embedded.is_used(embedded.home()):
        raise CannotUp("another command is using the data just now; wait for its end, then use --fresh again.")
    for name in LASTING:
        path = embedded.DATA / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def empty_database() -> None:
    """Drop and create the database of the embedded server."""
    if os.environ.get("DATABASE_URL"):
        raise CannotUp("the demo was not loaded to its end the last time; empty the database that DATABASE_URL names, and start again.")
    connection.close()
    address = embedded.database_url().removesuffix(embedded.DATABASE) + "postgres"
    with contextlib.closing(psycopg2.connect(address)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {embedded.DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {embedded.DATABASE}")
    LOADING.unlink()


def load_demo() -> None:
    """A year of business, through the real operations. The marker stays when this is interrupted, and the next start begins again."""
    connection.close()
    LOADING.touch()
    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), "load_demo"], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise CannotUp("the demo company could not be loaded (see above); the next start begins it again, and --no-demo goes without it.")
    LOADING.unlink()


def sign_ins() -> list[str]:
    """One line per role: who, with which address and password."""
    known = set(User.objects.filter(is_active=True).values_list("email", flat=True)) if settings.DEMO else set()
    rows = [row for row in cast.sign_ins() if row[1] in known]
    widths = [max(len(word) for word in column) for column in zip(*rows, strict=True)]
    return ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]


# -- Running ----------------------------------------------------------------------------------------------------------
def programs(host: str, port: int) -> list[Program]:
    """The processes of a running Satu; docker-compose.yml has the same ones."""
    web = ["--host", host, "--port", str(port), "--lifespan", "off", "--no-access-log", "--log-level", "warning", "--no-server-header"]
    worker = {"CONN_MAX_AGE": "600", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}  # it fears pickle, which is off
    celery = python("celery", "--quiet", "--app", "config.celery")
    return [
        Program("web", python("uvicorn", "config.asgi:application", *web, "--timeout-graceful-shutdown", "3")),
        Program(
            "worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "3", "--without-gossip", "--without-mingle"], worker
        ),
        Program("clock", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], worker),
    ]


def wait_for_web(supervisor: Supervisor, host: str, port: int) -> None:
    """The address is printed only when somebody answers there."""
    deadline = time.monotonic() + WEB_SECONDS
    name = f"[{host}]" if ":" in host else host
    while time.monotonic() < deadline:
        supervisor.look_after()
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"http://{name}:{port}/readyz", timeout=2):
            return
        time.sleep(0.1)
    raise CannotUp(f"the web server does not answer after {WEB_SECONDS} s; its own words are above.")
