"""One demo company for all tests that only look: built once a run, shown by a web server as production would.

The database lies beside the test databases. Whoever comes first builds it; the other workers wait, then use it, too.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Browser, BrowserContext

from config import showroom
from core.people.door.confirming import remember
from core.people.models import User

DAYS = 20
NAME = "satu_showroom"
LOCK = 170845


@dataclass(frozen=True)
class Showroom:
    """A running demo company: where it answers, which database it keeps its books in, and what its programs are told."""

    address: str
    database: str
    told: Mapping[str, str]


@contextmanager
def open_showroom(folder: Path) -> Iterator[Showroom]:
    """Build the company unless another worker has, and serve it."""
    own = os.environ["DATABASE_URL"]
    address, _slash, _name = own.partition("?")[0].rpartition("/")
    database = f"{address}/{NAME}"
    static = folder / "static"
    told = showroom.environment(database, static, demo=False)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    with closing(psycopg2.connect(own)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() != (run,):
                cursor.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {NAME}")
                showroom.fill(told, DAYS)
                cursor.execute(f"COMMENT ON DATABASE {NAME} IS %s", [run])
            else:
                showroom.fill(told, DAYS)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    with showroom.serving(told) as place:
        yield Showroom(place, NAME, told)


@contextmanager
def books_of(room: Showroom) -> Iterator[None]:
    """This process reads the showroom's database instead of its test database."""
    own = settings.DATABASES["default"]["NAME"], connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = room.database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own[1]


def window_of(browser: Browser, room: Showroom, email: str, **more: object) -> BrowserContext:
    """A browser window in which somebody of the cast is signed in; use it inside `books_of`."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    remember(session, user)
    session.create()
    context = browser.new_context(base_url=room.address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce", **more)  # type: ignore[arg-type]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": room.address}])
    context.set_default_timeout(15_000)
    return context
