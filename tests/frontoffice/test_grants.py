"""Who may do what in the front office."""

import pytest

from tests.factories.ground import make_user

CASES = [
    ("sales", "crm.win_deal", True),
    ("sales", "sales.confirm_order", True),
    ("sales", "sales.release_order", False),
    ("sales", "crm.install_pipeline", False),
    ("accountant", "sales.release_order", True),
    ("accountant", "sales.confirm_order", False),
    ("storekeeper", "sales.view_return", True),
    ("storekeeper", "sales.request_return", False),
    ("storekeeper", "crm.view_deal", False),
    ("support", "sales.request_return", True),
    ("marketing", "crm.create_lead", True),
    ("marketing", "crm.win_deal", False),
    ("owner", "sales.release_order", True),
    ("owner", "crm.install_pipeline", True),
    ("auditor", "crm.view_deal", True),
    ("auditor", "sales.view_order", True),
    ("auditor", "sales.place_order", False),
]


@pytest.mark.parametrize(("role", "permission", "may"), CASES)
def test_roles_may_do_what_their_work_needs(company, role, permission, may):
    assert make_user(role).has_perm(permission) is may
