"""The pages for when something is not there, not allowed, broken or away."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from psycopg2.errors import AdminShutdown, DeadlockDetected

from core.web.errors import broken


def ask_in_vain(cause: type[Exception] | None) -> None:
    raise OperationalError from (cause() if cause else None)


@pytest.mark.parametrize(
    ("cause", "status", "words"),
    [(None, 503, "Back in a moment"), (AdminShutdown, 503, "Back in a moment"), (DeadlockDetected, 500, "Something broke")],
)
def test_a_database_that_is_away_is_no_fault(cause: type[Exception] | None, status: int, words: str, rf: RequestFactory) -> None:
    try:
        ask_in_vain(cause)
    except OperationalError:
        answer = broken(rf.get("/sales/orders/?q=Hasta"))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert ('href="/sales/orders/?q=Hasta"' in answer.content.decode(), answer.get("Retry-After")) == (
        (True, "15") if status == 503 else (False, None)
    )
