"""Boards in a real browser: carried by mouse, finger and keyboard, and never pulled from under a hand."""

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from core.catalog.models import Product
from core.people.models import User
from tests.browser.people import sign_in
from tests.factories.ground import make_customer, make_product

pytestmark = [pytest.mark.usefixtures("trial"), pytest.mark.django_db(transaction=True)]
BOARD = "/trial/things/board/"
MOVE = "**/things/board/move/**"


@pytest.fixture
def desk(transactional_db: None, company: object) -> Product:
    """A desk and a chair on the board."""
    make_customer()
    make_product("CHAIR-ERG")
    return make_product("DESK-140")


@pytest.fixture
def board(page: Page, live_server: LiveServer, desk: Product, seller: User, complaints: list[str]) -> Page:
    """Dewi's browser with the board open."""
    sign_in(page, seller).goto(BOARD)
    return page


def lane_of(page: Page, product: Product) -> str:
    """The lane a card is in."""
    return str(page.locator("[data-lane]", has=page.locator(f"[data-card='{product.pk}']")).get_attribute("data-lane"))


def stored(product: Product) -> str:
    """Where the card is for the server."""
    return str(Product.objects.get(pk=product.pk).tax_category)


def hover(page: Page, lane: str) -> None:
    """The pointer over a lane."""
    box = page.locator(f"[data-lane={lane}]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 120, steps=4)


def take(page: Page, product: Product) -> None:
    """The pointer on a card, pressed and begun to move."""
    page.locator(f"[data-card='{product.pk}'] h3").hover()
    page.mouse.down()


class Gate:
    """A server whose answers to moves come when they are let through."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[Route] = []
        page.route(MOVE, self.hold)

    def hold(self, route: Route) -> None:
        """Keep a request back."""
        self.waiting.append(route)

    def arrived(self, page: Page, count: int) -> None:
        """Wait until so many requests have come."""
        for _try in range(100):
            if len(self.waiting) >= count:
                return
            page.wait_for_timeout(30)
        raise AssertionError(f"{len(self.waiting)} moves were sent, not {count}")

    def let(self, number: int) -> None:
        """Let one request through to the server, and its answer back."""
        self.waiting[number].continue_()


def test_an_answer_that_comes_while_the_card_is_carried_on_waits_for_the_hand(board: Page, desk: Product) -> None:
    gate = Gate(board)
    take(board, desk)
    hover(board, "reduced")
    board.mouse.up()
    gate.arrived(board, 1)
    take(board, desk)
    hover(board, "zero")
    gate.let(0)
    expect(board.locator("#announce")).to_contain_text("Reduced")
    assert board.locator(f"[data-card='{desk.pk}'].deal-held").count() == 1  # still in the hand: the answer was not drawn over it
    board.mouse.up()
    gate.arrived(board, 2)
    gate.let(1)
    expect(board.locator("[data-lane=zero] [data-card]")).to_have_count(1)
    expect(board.locator("#announce")).to_contain_text("Zero rate")
    assert (lane_of(board, desk), stored(desk)) == ("zero", "zero")


def test_an_answer_that_comes_after_the_card_was_dropped_again_does_not_take_it_back(board: Page, desk: Product) -> None:
    gate = Gate(board)
    take(board, desk)
    hover(board, "reduced")
    board.mouse.up()
    gate.arrived(board, 1)
    take(board, desk)
    hover(board, "zero")
    board.mouse.up()
    gate.let(0)
    gate.arrived(board, 2)
    assert lane_of(board, desk) == "zero"
    gate.let(1)
    expect(board.locator("#announce")).to_contain_text("Zero rate")
    assert (lane_of(board, desk), stored(desk)) == ("zero", "zero")


def test_a_card_is_carried_by_keyboard_and_put_back_by_escape(board: Page, desk: Product) -> None:
    link = board.get_by_role("link", name="Standing desk 140")
    link.focus()
    board.keyboard.press("Space")
    expect(board.locator("#announce")).to_contain_text("Picked up Standing desk 140, in Standard")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("ArrowRight")
    expect(board.locator("#announce")).to_contain_text("Over Zero rate, 3 of")
    board.keyboard.press("Escape")
    expect(board.locator("#announce")).to_contain_text("Standing desk 140 is back in Standard")
    assert (lane_of(board, desk), stored(desk)) == ("standard", "standard")
    board.keyboard.press("Space")
    board.keyboard.press("ArrowRight")
    board.keyboard.press("Space")
    expect(board.locator("#announce")).to_contain_text("Standing desk 140 is in Reduced")
    assert stored(desk) == "reduced"
    expect(board.get_by_role("link", name="Standing desk 140")).to_be_focused()


def test_arrow_keys_walk_from_card_to_card(board: Page, desk: Product) -> None:
    names = board.locator("[data-lane=standard] [data-card] h3 a")
    names.first.focus()
    board.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_be_focused()
    board.keyboard.press("ArrowUp")
    expect(names.first).to_be_focused()


def test_without_a_connection_the_card_goes_back_and_it_is_said(board: Page, desk: Product) -> None:
    board.route(MOVE, lambda route: route.abort())
    take(board, desk)
    hover(board, "reduced")
    board.mouse.up()
    expect(board.locator(".toast-error")).to_contain_text("there is no connection")
    assert (lane_of(board, desk), stored(desk)) == ("standard", "standard")
    expect(board.locator("[data-lane=standard] [data-count]")).to_have_text("2")


def test_what_somebody_else_moves_shows_but_not_while_a_card_is_held(board: Page, desk: Product) -> None:
    chair = Product.objects.get(sku="CHAIR-ERG")
    take(board, desk)
    hover(board, "reduced")
    Product.objects.filter(pk=chair.pk).update(tax_category="zero")
    board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    board.wait_for_timeout(500)
    assert lane_of(board, chair) == "standard"
    board.keyboard.press("Escape")
    board.mouse.up()
    expect(board.locator(f"[data-lane=zero] [data-card='{chair.pk}']")).to_have_count(1, timeout=8000)
    assert stored(desk) == "standard"


class Finger:
    """One finger on the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.client = page.context.new_cdp_session(page)

    def put(self, kind: str, *at: float) -> None:
        """Put it down, move it or lift it."""
        points = [{"x": at[0], "y": at[1]}] if at else []
        self.client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def press(self, product: Product, wait: int) -> tuple[float, float]:
        """Put it on a card, and leave it there so long."""
        box = self.page.locator(f"[data-card='{product.pk}'] h3").bounding_box()
        assert box
        spot = (box["x"] + 40, box["y"] + 10)
        self.put("touchStart", *spot)
        self.page.wait_for_timeout(wait)
        return spot

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw it over the screen."""
        for step in range(1, 9):
            self.put("touchMove", *(first + (last - first) * step / 8 for first, last in zip(start, end, strict=True)))
            self.page.wait_for_timeout(20)


def test_a_long_press_carries_a_card_and_a_short_one_scrolls(board: Page, desk: Product) -> None:
    finger = Finger(board)
    spot = finger.press(desk, 20)
    finger.draw(spot, (spot[0], spot[1] + 200))
    board.wait_for_timeout(500)
    expect(board.locator(".deal-ghost")).to_have_count(0)
    finger.put("touchEnd")
    spot = finger.press(desk, 700)
    expect(board.locator(".deal-ghost")).to_have_count(1)
    lane = board.locator("[data-lane=reduced]").bounding_box()
    assert lane
    finger.draw(spot, (lane["x"] + 80, lane["y"] + 150))
    finger.put("touchEnd")
    expect(board.locator("#announce")).to_contain_text("Standing desk 140 is in Reduced")
    assert stored(desk) == "reduced"
