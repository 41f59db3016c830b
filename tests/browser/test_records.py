"""Record pages and forms in a real browser: composer, a block from a spreadsheet, two at once, drafts, who else is here."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.catalog.models import Product
from core.catalog.operations import update_product
from core.notes.models import Note
from core.parties.models import Party
from core.people.models import User
from core.web import hooks
from frontoffice.crm.models import Activity
from integration.customer360.timeline import timeline
from integration.demo.cast import PASSWORD
from tests.browser.axe import faults
from tests.browser.people import sign_in
from tests.factories.ground import make_customer, make_product

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(autouse=True)
def _what_really_happened(trial: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timeline of the records, not the trial module's."""
    monkeypatch.setattr(hooks, "_timeline", [timeline])


@pytest.fixture
def customer(transactional_db: None, company: object) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


@pytest.fixture
def desk(transactional_db: None, company: object) -> Product:
    """A standing desk, and what else is sold."""
    make_product("CHAIR-ERG")
    make_product("MON-27")
    return make_product("DESK-140")


@pytest.fixture
def window(page: Page, live_server: LiveServer, customer: Party, desk: Product, seller: User) -> Page:
    """Dewi's browser."""
    return sign_in(page, seller)


@pytest.fixture
def another(chromium: Browser, live_server: LiveServer, owner: User, window: Page) -> Iterator[Page]:
    """Hendra's browser."""
    context: BrowserContext = chromium.new_context(base_url=live_server.url)
    yield sign_in(context.new_page(), owner)
    context.close()


def test_a_note_calls_on_a_colleague_by_typing_and_stands_on_the_timeline(window: Page, customer: Party, accountant: User) -> None:
    window.goto(f"/parties/{customer.pk}/")
    field = window.get_by_label("Note")
    field.click()
    window.keyboard.type("Please check @si")
    expect(window.get_by_role("option", name=accountant.name)).to_be_visible()
    assert faults(window) == []
    window.keyboard.press("Enter")
    expect(field).to_have_value(f"Please check @{accountant.name} ")
    window.keyboard.type("today.")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".timeline-body").first).to_have_text(f"Please check @{accountant.name} today.")
    expect(field).to_have_value("")
    assert Note.objects.get().by.email == "dewi@nusantara.example"


def test_a_call_is_logged_on_a_customer_with_what_was_typed(window: Page, customer: Party) -> None:
    window.goto(f"/parties/{customer.pk}/")
    window.get_by_label("Note").fill("They want the blue one.")
    window.get_by_role("button", name="Log a call").click()
    dialog = window.get_by_role("dialog")
    expect(dialog.get_by_label("Details")).to_have_value("They want the blue one.")
    dialog.get_by_label("Subject").fill("Asked for the colour")
    dialog.get_by_label("Subject").press("Enter")
    expect(window.locator(".timeline strong", has_text="Asked for the colour")).to_be_visible()
    activity = Activity.objects.get()
    assert (activity.kind, activity.party_id, activity.body) == ("call", customer.pk, "They want the blue one.")


def test_news_keep_what_is_being_typed_where_one_is_and_what_is_open(window: Page, customer: Party, seller: User) -> None:
    window.goto(f"/parties/{customer.pk}/")
    window.wait_for_timeout(600)
    field = window.get_by_label("Note")
    field.fill("Half a thou")
    field.evaluate("field => field.setSelectionRange(4, 4)")
    window.evaluate("scrollTo(0, 40)")
    Party.objects.filter(pk=customer.pk).update(name="PT Fajar Baru")
    expect(window.get_by_role("heading", level=1)).to_have_text("PT Fajar Baru", timeout=8000)
    expect(field).to_have_value("Half a thou")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == 4
    window.get_by_role("button", name="More").click()
    Party.objects.filter(pk=customer.pk).update(name="PT Fajar Lama")
    expect(window.get_by_role("heading", level=1)).to_have_text("PT Fajar Lama", timeout=8000)
    expect(window.locator("#more-verbs")).to_be_visible()


def test_why_something_happened_opens_in_place(window: Page, customer: Party) -> None:
    window.goto(f"/parties/{customer.pk}/")
    window.get_by_role("link", name="Why?").first.click()
    dialog = window.get_by_role("dialog")
    expect(dialog.get_by_text("Nothing before it caused it.")).to_be_visible()
    assert faults(window) == []


def test_a_blocked_button_says_why_when_it_is_pressed(window: Page, desk: Product, owner: User) -> None:
    update_product(desk, is_active=False, by=owner)
    window.goto(f"/trial/things/{desk.pk}/")
    window.get_by_role("button", name="Retire").click(force=True)
    expect(window.get_by_role("tooltip")).to_have_css("opacity", "1")
    expect(window.locator("#announce")).to_have_text("It is retired already.")


def test_a_block_of_a_spreadsheet_fills_the_lines_and_marks_what_it_cannot_read(window: Page, customer: Party, desk: Product) -> None:
    window.goto("/trial/wishes/new/")
    window.get_by_label("Customer").fill("fajar")
    window.get_by_role("option", name="PT Fajar Teknologi").click()
    window.get_by_label("Product").first.focus()
    window.evaluate(
        PASTE, "Product\tDescription\tQuantity\tPrice\nDESK-140\tThe tall one\t2\t4750000\nNO-SUCH\t\tmany\t1\nErgonomic chair\t\t3\t\n"
    )
    expect(window.locator("[data-grid-rows] [data-grid-row]")).to_have_count(3)
    expect(window.locator("[name=lines-0-product_text]")).to_have_value("Standing desk 140")
    expect(window.locator("[name=lines-0-description]")).to_have_value("The tall one")
    expect(window.locator("[name=lines-2-product_text]")).to_have_value("Ergonomic chair")
    expect(window.locator("[name=lines-1-product_text]")).to_have_value("NO-SUCH")
    expect(window.get_by_text("Nothing is called “NO-SUCH”. Choose from the list.")).to_be_visible()
    expect(window.get_by_text("“many” is no number.")).to_be_visible()
    expect(window.locator("#announce")).to_have_text("3 lines pasted, 2 cells to look at")
    expect(window.locator("#lines-0-total")).to_have_text("Rp\N{NO-BREAK SPACE}9.500.000")
    assert faults(window) == []


def test_lines_are_walked_and_moved_by_keyboard_and_keep_their_order(window: Page, customer: Party, desk: Product) -> None:
    window.goto("/trial/wishes/new/")
    window.get_by_label("Product").first.focus()
    window.evaluate(PASTE, "DESK-140\tA\t1\t1\nCHAIR-ERG\tB\t2\t1")
    expect(window.locator("[name=lines-1-product_text]")).to_have_value("Ergonomic chair")
    window.locator("[name=lines-0-quantity]").focus()
    window.keyboard.press("ArrowDown")
    expect(window.locator("[name=lines-1-quantity]")).to_be_focused()
    window.keyboard.press("Alt+ArrowUp")
    expect(window.locator("[name=lines-1-quantity]")).to_be_focused()
    expect(window.locator("[name=lines-ORDER]")).to_have_value("1,0")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_text("2 things are to be mended").or_(window.get_by_text("One thing is to be mended"))).to_be_visible()
    expect(window.get_by_label("Customer")).to_be_focused()
    assert window.locator("[data-grid-row] [name$=-description]").evaluate_all("fields => fields.map(field => field.value)") == ["B", "A"]
    assert faults(window) == []


def test_a_draft_is_offered_again_and_gone_once_it_was_sent(window: Page, customer: Party, desk: Product) -> None:
    window.goto(f"/parties/{customer.pk}/edit/")
    window.get_by_label("Industry").fill("Robots")
    window.wait_for_timeout(600)
    window.goto("/")
    window.goto(f"/parties/{customer.pk}/edit/")
    expect(window.get_by_label("Industry")).to_have_value("")
    window.get_by_role("button", name="Bring it back").click()
    expect(window.get_by_label("Industry")).to_have_value("Robots")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text(customer.name)
    window.goto(f"/parties/{customer.pk}/edit/")
    expect(window.get_by_label("Industry")).to_have_value("Robots")
    expect(window.get_by_role("button", name="Bring it back")).to_have_count(0)


def test_an_ended_session_loses_nothing_typed(window: Page, customer: Party, seller: User) -> None:
    window.goto(f"/parties/{customer.pk}/edit/")
    window.get_by_label("Industry").fill("Robots")
    window.context.clear_cookies()
    window.get_by_role("button", name="Save").click()
    window.get_by_role("button", name="Go back").or_(window.get_by_label("E-mail")).first.wait_for()
    if window.get_by_label("E-mail").count():
        window.get_by_label("E-mail").fill(seller.email)
        window.get_by_label("Password").fill(PASSWORD)
        window.get_by_role("button", name="Sign in").click()
    else:
        sign_in(window, seller)
        window.goto(f"/parties/{customer.pk}/edit/")
    window.get_by_role("button", name="Bring it back").click()
    expect(window.get_by_label("Industry")).to_have_value("Robots")


def test_two_people_on_one_record_see_each_other_and_choose_field_by_field(window: Page, another: Page, customer: Party) -> None:
    window.goto(f"/parties/{customer.pk}/edit/")
    another.goto(f"/parties/{customer.pk}/edit/")
    expect(another.get_by_text("Dewi Lestari is editing this too.")).to_be_visible()
    expect(window.get_by_text("Hendra Gunawan is editing this too.")).to_be_visible(timeout=8000)
    another.get_by_label("Industry").fill("Software")
    another.locator("[name=tax_id]").fill("01.234")
    another.get_by_role("button", name="Save").click()
    expect(another.get_by_role("heading", level=1)).to_have_text(customer.name)
    window.get_by_label("Industry").fill("Robots")
    window.get_by_label("Legal name").fill("Fajar")
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("was changed while you were editing")
    expect(window.get_by_text("Hendra Gunawan").first).to_be_visible()
    industry = window.get_by_role("group", name="Industry")
    expect(industry.get_by_text("Software")).to_be_visible()
    assert faults(window) == []
    industry.get_by_label("Take mine").check()
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("heading", level=1)).to_have_text(customer.name)
    customer.refresh_from_db()
    assert (customer.industry, customer.tax_id, customer.legal_name) == ("Robots", "01.234", "Fajar")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_record_page_of_either_width_has_no_fault_and_does_not_overflow(window: Page, customer: Party, desk: Product, width: int) -> None:
    window.set_viewport_size({"width": width, "height": 900})
    for place in (
        f"/parties/{customer.pk}/",
        f"/trial/things/{desk.pk}/",
        f"/parties/{customer.pk}/edit/",
        f"/catalog/products/{desk.pk}/",
    ):
        window.goto(place)
        window.wait_for_load_state("load")
        assert faults(window) == [], place
        assert window.evaluate("document.documentElement.scrollWidth") <= width, place


def test_without_scripts_a_note_a_form_and_a_verb_still_work(
    chromium: Browser, live_server: LiveServer, window: Page, customer: Party, seller: User
) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = sign_in(context.new_page(), seller)
    page.goto(f"/parties/{customer.pk}/")
    page.get_by_label("Note").fill("Plain as it is.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Plain as it is.")).to_be_visible()
    page.get_by_role("button", name="Log a call").click()
    page.get_by_label("Subject").fill("Plain call")
    page.get_by_role("button", name="Log a call").click()
    expect(page.locator(".timeline strong", has_text="Plain call")).to_be_visible()
    context.close()
