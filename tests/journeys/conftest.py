"""The cast of the journeys: the whole house is founded."""

import pytest

from core.parties.models import Company
from tests.factories.house import make_house


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()
