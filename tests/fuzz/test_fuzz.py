"""The API keeps its word (promise 18), at its smallest: four roles share the whole description between them."""

import json
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from core.people.models import User
from core.people.roles import Role
from core.tokens.operations import issue_token
from tests.factories.ground import make_user
from tests.factories.house import make_house, make_stocked
from tests.fuzz.shooting import part_of, shoot

ROLES = (Role.OWNER, Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT)
SEED = 20261130
pytestmark = pytest.mark.slow


@pytest.mark.django_db(transaction=True)
def test_nothing_breaks_and_every_answer_is_as_described(live_server: LiveServer, tmp_path: Path) -> None:
    make_house()
    make_stocked()
    description = APIClient().get("/api/schema/?format=json").content
    shots = []
    for number, role in enumerate(ROLES):
        share = tmp_path / f"{role}.openapi.json"
        share.write_text(json.dumps(part_of(json.loads(description), number, len(ROLES))))
        _token, secret = issue_token(name="Fuzz", by=make_user(role))
        shots.append(
            shoot(
                role,
                secret,
                address=live_server.url,
                description=share,
                folder=tmp_path,
                examples=1,
                phases="fuzzing",
                seed=SEED,
            )
        )
    assert [one for shot in shots for one in (*shot.wrong, *shot.broken)] == []
    assert sum(shot.operations for shot in shots) > 250
    assert User.objects.filter(is_active=True).count() >= len(ROLES)
