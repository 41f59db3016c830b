"""The servers of a test run: an embedded Postgres and Redis of its own, whatever else runs on the machine.

An *early* plugin (`-p tests.services` in pyproject.toml): pytest-django reads the settings, and with them DATABASE_URL, before any
conftest.py is loaded. Under xdist the controller starts the servers and the workers inherit their addresses; each worker
has a Postgres database (pytest-django's doing, copied from the one of `tests.seed`) and a Redis database of its own.
"""

import contextlib
import io
import os
from collections.abc import Generator, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from redis import Redis

from config import embedded
from tests.seed import sow

NEEDS_NOTHING = {"--help", "-h", "--version", "-V", "--collect-only", "--co", "--fixtures", "--markers", "--setup-plan"}
STARTED = contextlib.ExitStack()
TEMPLATE = "SATU_TEST_TEMPLATE"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before pytest-django looks: say where the servers are, having started them."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = os.environ["SATU_TEST_REDIS"].replace("?db=0", f"?db={number}")
    else:
        start(quietly=bool(NEEDS_NOTHING & set(early_config.invocation_params.args)))
    return (yield)


def start(*, quietly: bool) -> None:
    """Start what the developer has not given by DATABASE_URL, and make the environment a plain test environment."""
    place = embedded.private()
    if quietly:
        place.data.rmdir()
    else:
        if "DATABASE_URL" not in os.environ:
            sow(place)
            os.environ[TEMPLATE] = embedded.DATABASE
        STARTED.enter_context(embedded.running(place))
    os.environ.setdefault("DATABASE_URL", embedded.database_url(place))
    os.environ["REDIS_URL"] = os.environ["SATU_TEST_REDIS"] = embedded.redis_url(place)
    os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
    os.environ["SATU_DEMO"] = os.environ["DEBUG"] = "0"
    os.environ["SATU_API_REQUESTS_A_MINUTE"] = os.environ["SATU_API_SIGN_INS_A_MINUTE"] = "1000000"  # a test that counts sets them
    os.environ["LOG_FORMAT"], os.environ["LOG_LEVEL"] = "readable", "WARNING"


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Signing in a hundred people must not take a hundred times what slows down a thief. What pages load is built once, before any test."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        call_command("build_assets", stdout=io.StringIO())
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(TEMPLATE)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """After the last test, and after Ctrl-C. A kill -9 is noticed by the servers themselves."""
    STARTED.close()


@pytest.fixture
def redis() -> Iterator[Redis]:
    """This worker's own Redis database, empty."""
    with Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
        yield client
