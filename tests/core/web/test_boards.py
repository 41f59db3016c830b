"""Boards: lanes, sums, moves and refusals."""

import pytest
from django.test import Client

from core.catalog.models import Product
from tests.factories.ground import make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/board/"


@pytest.fixture
def desk(company: object) -> Product:
    """A standing desk."""
    return make_product("DESK-140")


def test_a_board_shows_cards_in_lanes_with_sums(as_seller: Client, desk: Product) -> None:
    lanes = as_seller.get(URL).context["board"]
    assert [(str(column.lane.title), len(column.cards)) for column in lanes][:2] == [("Standard", 1), ("Reduced", 0)]
    assert "Rp\N{NO-BREAK SPACE}4,75\N{NO-BREAK SPACE}jt" in lanes[0].sum
    assert lanes[0].cards[0].signal.text == "Stalled 12 d"


def test_a_card_is_moved_by_one_operation(as_seller: Client, desk: Product) -> None:
    response = as_seller.post(f"{URL}move/", {"card": desk.pk, "lane": "reduced"}, headers={"HX-Request": "true"})
    desk.refresh_from_db()
    assert desk.tax_category == "reduced"
    assert b"<html" not in response.content


def test_a_card_is_moved_without_scripts_as_well(as_seller: Client, desk: Product) -> None:
    assert as_seller.post(f"{URL}move/", {"card": desk.pk, "lane": "zero"}).headers["Location"] == URL


def test_a_refused_move_changes_nothing_and_says_why(as_seller: Client, desk: Product) -> None:
    response = as_seller.post(f"{URL}move/", {"card": desk.pk, "lane": "exempt"}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert b"Nothing here is exempt. Choose another lane." in response.content
    desk.refresh_from_db()
    assert desk.tax_category == "standard"


def test_an_unknown_lane_moves_nothing(as_seller: Client, desk: Product) -> None:
    as_seller.post(f"{URL}move/", {"card": desk.pk, "lane": "moon"})
    desk.refresh_from_db()
    assert desk.tax_category == "standard"


def test_only_who_may_move_sees_the_menu(as_auditor: Client, desk: Product) -> None:
    assert b"data-card" in as_auditor.get(URL).content
    assert b'name="lane"' not in as_auditor.get(URL).content
    assert as_auditor.post(f"{URL}move/", {"card": desk.pk, "lane": "zero"}).status_code == 403
