"""`manage.py lint`: what it asks, and what it does without the network."""

import pytest

from config.bootstrap import DEVELOPMENT, RUN_TIME
from config.linting import UNREACHABLE, checks
from tests.architecture.code import ROOT

OFFLINE = (
    "ERROR:pip_audit._cli:HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded",
    "requests.exceptions.ConnectionError: [Errno -3] Temporary failure in name resolution",
    "pip_audit._service.interface.ConnectionError: Could not connect to PyPI's vulnerability feed",
    "ReadTimeout: HTTPSConnectionPool(host='pypi.org', port=443): Read timed out.",
)


def test_every_lint_asks_for_known_vulnerabilities_of_all_that_is_locked() -> None:
    """Of exactly what is installed, run-time packages among it, without resolving anything anew."""
    audit = next(check for check in checks() if check.name == "vulnerabilities")
    assert "pip_audit" in audit.command
    assert audit.command[list(audit.command).index("--requirement") + 1] == DEVELOPMENT
    assert "--disable-pip" in audit.command
    run_time, all_of_it = ((ROOT / name).read_text() for name in (RUN_TIME, DEVELOPMENT))
    pinned = {line.split(" ")[0] for line in run_time.splitlines() if "==" in line and line[0].isalnum()}
    assert len(pinned) > 80
    assert {line.split(" ")[0] for line in all_of_it.splitlines() if "==" in line and line[0].isalnum()} >= pinned


@pytest.mark.parametrize("said", OFFLINE)
def test_without_the_network_it_is_skipped_and_says_so(said: str) -> None:
    assert UNREACHABLE.search(said)


def test_a_vulnerability_is_no_missing_network() -> None:
    assert not UNREACHABLE.search("Found 1 known vulnerability in 1 package\nName Version ID Fix Versions\ndjango 5.2.1 PYSEC-2026-1 5.2.2")


def test_production_settings_are_checked_with_warnings_as_failures() -> None:
    deploy = next(check for check in checks() if check.name == "deploy")
    assert list(deploy.command[-4:]) == ["check", "--deploy", "--fail-level", "WARNING"]
    assert deploy.environment is not None
    assert (deploy.environment["DEBUG"], deploy.environment["SATU_HTTPS"]) == ("0", "1")
