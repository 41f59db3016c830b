"""No change of the API that breaks a program slips in unnoted: `docs/api/v1.json` holds what programs depend on.

`python3 manage.py test tests/architecture --golden` writes it anew; what breaks has to stand in `docs/api/changelog.md` first, word for word.
"""

import copy
import json

import pytest
from rest_framework.test import APIClient

from tests.architecture.code import ROOT, expect_none
from tests.architecture.description import Summary, breaks, summary_of

KEPT = ROOT / "docs" / "api" / "v1.json"
CHANGELOG = ROOT / "docs" / "api" / "changelog.md"


@pytest.fixture(scope="module")
def today() -> Summary:
    return summary_of(json.loads(APIClient().get("/api/schema/?format=json").content))


def kept() -> Summary:
    found: Summary = json.loads(KEPT.read_text())
    return found


def test_what_breaks_programs_stands_in_the_changelog(today: Summary) -> None:
    noted = CHANGELOG.read_text()
    before = kept() if KEPT.exists() else today
    expect_none((line for line in breaks(before, today) if line not in noted), "not in docs/api/changelog.md, and it breaks programs")


def test_the_summary_is_todays(today: Summary, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        noted = CHANGELOG.read_text()
        before = kept() if KEPT.exists() else today
        assert all(line in noted for line in breaks(before, today)), "Note first what breaks programs."
        KEPT.write_text(json.dumps(today, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    assert kept() == today, "The API changed: note it in docs/api/changelog.md, then run `manage.py test tests/architecture --golden`."


def test_breaking_is_told_from_adding(today: Summary) -> None:
    order, place = "POST /orders/", "PlaceOrderRequest"
    assert list(breaks(today, today)) == []
    more = copy.deepcopy(today)
    more["operations"]["GET /wishes/"] = more["operations"]["GET /orders/"]
    more["shapes"]["Order"]["mood"] = "string!"
    more["shapes"][place]["mood"] = "string"
    assert list(breaks(today, more)) == []
    less = copy.deepcopy(today)
    del less["operations"]["POST /orders/{id}/confirm/"]
    del less["shapes"]["Order"]["total"]
    less["shapes"]["Order"]["note"] = "string"
    less["shapes"]["Order"]["id"] = "string!"
    less["shapes"][place]["mood"] = "string!"
    less["operations"][order]["takes"]["header Colour"] = "string!"
    told = list(breaks(today, less))
    assert "`POST /orders/{id}/confirm/` is gone." in told
    assert "`Order`: total is gone." in told
    assert "`Order`: note may be left out now." in told
    assert "`Order`: id was integer! and is string!." in told
    assert "`PlaceOrderRequest`: mood is new and demanded." in told
    assert "`POST /orders/`: header Colour is new and demanded." in told
