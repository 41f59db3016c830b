"""The production composition, which no engine here can start: what can be read from it is checked."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {"web", "worker", "clock", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root(name: str) -> None:
    assert SERVICES[name]["user"] not in {"", "0", "root"}
    assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_everything_that_stays_has_a_health_check_and_starts_again(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "clock"])
def test_nothing_starts_before_the_migrations_are_through(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert waits["postgres"]["condition"] == waits["redis"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_secrets_come_from_the_environment_and_must_be_given() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name in {"METRICS_TOKEN", "SATU_OIDC_CLIENT_SECRET"}:  # without them there are no metrics, no sign-in of the company's own
                assert value == f"${{{name}:-}}"
            elif re.search("SECRET|PASSWORD|KEY|TOKEN|DATABASE_URL", name):
                assert re.search(r"\$\{[A-Z_]+:\?", value), f"{name} is written into the file"
    assert "SECRET_KEY=unused-while-building" in DOCKERFILE
    assert not re.search(r"^ENV.*(SECRET|PASSWORD)", DOCKERFILE, re.MULTILINE)


def test_redis_forgets_nothing_to_make_room() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_postgres_is_the_version_that_the_embedded_one_is() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", ["web", "worker", "clock", "migrate"])
def test_every_command_exists(name: str) -> None:
    command = SERVICES[name].get("command") or re.findall(r'"([^"]+)"', DOCKERFILE.split("\nCMD ")[1])
    program = Path(sys.executable).with_name(command[0])
    assert program.exists() or shutil.which(command[0])
    if "manage.py" in command:
        assert command[command.index("manage.py") + 1] in get_commands()


def test_the_image_runs_without_root_and_installs_by_hash() -> None:
    assert re.search(r"^USER satu$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.count("--require-hashes") == DOCKERFILE.count("pip install")


def test_no_image_names_a_registry() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) + [service["image"] for service in SERVICES.values()]
    assert not [image for image in images if "." in image.partition("/")[0] and "/" in image]
