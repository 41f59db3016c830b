"""`python3 manage.py test tests/architecture --golden` writes the JSON shape of events that have none yet."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden file of every event (and version) that has none")
