"""Settings are safe unless somebody says otherwise, and where they cannot be safe nothing starts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.embedded import is_of_this_machine
from config.linting import checks
from core.people.models import User

ROOT = Path(__file__).resolve().parents[2]
TOLD = re.compile("DATABASE_URL|REDIS_URL|SECRET_KEY|SATU|DJANGO|DEBUG|PYTEST|ALLOWED_HOSTS|EMAIL|LOG_|METRICS")
PRODUCTION = {
    "DATABASE_URL": "postgresql://satu@localhost:9/satu",
    "REDIS_URL": "redis://localhost:9/0",
    "SECRET_KEY": "k" * 20 + "-Q3v!" * 10,
}


def python(words: str, **told: str) -> "subprocess.CompletedProcess[str]":
    """A program in an environment that says nothing but this."""
    kept = {name: value for name, value in os.environ.items() if not TOLD.match(name)}
    return subprocess.run([sys.executable, *words.split("\0")], cwd=ROOT, env=kept | told, capture_output=True, text=True)


def setting(names: str, **told: str) -> str:
    """What some settings are, as Python writes them."""
    asked = python(f"-c\0from config import settings as s; print(({names}))", **told)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def test_nothing_is_tried_out_or_debugged_unless_somebody_says_so() -> None:
    names = "s.DEBUG, s.DEMO, s.TRYING, s.WEBHOOKS_TO_PRIVATE, s.LOG_FORMAT, s.METRICS_TOKEN"
    assert setting(names, **PRODUCTION) == "(False, False, False, False, 'json', '')"
    assert setting("s.DEBUG, s.WEBHOOKS_TO_PRIVATE", **PRODUCTION, DEBUG="1") == "(True, True)"
    assert setting("s.ALLOWED_HOSTS", **PRODUCTION) == "['localhost', '127.0.0.1', '[::1]', 'testserver']"


def test_production_does_not_start_without_a_secret_of_its_own() -> None:
    asked = python("-c\0import config.settings", **{name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"})
    assert asked.returncode == 1
    assert "SECRET_KEY is missing" in asked.stderr


@pytest.mark.parametrize(
    "hosts", ["satu.example", "localhost,satu.example", "*", "0.0.0.0", "10.0.0.7", ".example", "localhost.evil.example"]
)
def test_the_demo_answers_to_no_public_name(hosts: str) -> None:
    asked = python("-c\0import config.settings", **PRODUCTION, SATU_DEMO="1", ALLOWED_HOSTS=hosts)
    assert asked.returncode == 1
    assert "The demo's passwords are known to everybody" in asked.stderr


def test_the_demo_answers_to_this_machine() -> None:
    assert setting("s.DEMO", **PRODUCTION, SATU_DEMO="1") == "True"
    assert setting("s.DEMO", **PRODUCTION, SATU_DEMO="1", ALLOWED_HOSTS="satu.localhost,127.0.0.1,[::1]") == "True"
    assert [is_of_this_machine(name) for name in ("localhost", "127.8.8.8", "::1", "", "*", "::", "localhost.", "127.0.0.1.evil.example")] == [
        True, True, True, False, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_demos_people_are_not_brought_into_books_that_count() -> None:
    with pytest.raises(CommandError, match="passwords are known to everybody"):
        call_command("load_demo")
    assert not User.objects.filter(kind=User.Kind.HUMAN).exists()


def test_djangos_own_check_of_a_deployment_has_nothing_to_say() -> None:
    check = next(check for check in checks() if check.name == "deploy")
    assert check.environment is not None
    done = python("\0".join(check.command[1:]), **PRODUCTION | dict(check.environment))
    assert (done.returncode, "no issues" in done.stdout + done.stderr) == (0, True), done.stdout + done.stderr
    loose = python("\0".join(check.command[1:]), **PRODUCTION | dict(check.environment) | {"SATU_HTTPS": "0", "DEBUG": "1"})
    assert (loose.returncode, "security.W018" in loose.stderr) == (1, True), loose.stderr
