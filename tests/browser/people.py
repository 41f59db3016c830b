"""Windows in which the colleagues of a journey work, with scripts and without, and the keyboard as the only hand."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from core.people.models import User
from integration.demo.cast import PASSWORD

LOOK = """(target) => {
    const one = document.activeElement;
    const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const seen = () => {
        if (!one || one === document.body || one.matches("main")) return true;
        if (ringed(getComputedStyle(one)) || getComputedStyle(one).boxShadow !== "none") return true;
        for (let above = one.parentElement, steps = 0; above && steps < 3; above = above.parentElement, steps++)
            if (ringed(getComputedStyle(above))) return true;
        return false;
    };
    const covered = () => {
        const box = one?.getBoundingClientRect();
        if (!box?.width || one.matches("body, main")) return false;
        const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return !above || !(one.contains(above) || above.contains(one));
    };
    return [one === target, seen() && !covered() ? "" : one.outerHTML.slice(0, 160)];
}"""
FARTHEST = 160
ANSWERS = re.compile("htmx:|Failed to load resource: (net::|.* (409|422) )")
WATCH = "addEventListener('securitypolicyviolation', event => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI))"


@contextmanager
def window(browser: Browser, address: str, *, scripts: bool = True) -> Iterator[Page]:
    """A window of its own, closed at the end: an open page goes on asking for news."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def reach(page: Page, target: Locator) -> None:
    """Go there with the tabulator; wherever the focus stops on the way, it can be seen."""
    target.wait_for()
    for _step in range(FARTHEST):
        there, unseen = target.evaluate(LOOK)
        assert unseen == "", "the focus is not visible, or something covers it"
        if there:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached with {FARTHEST} tabs")


def press(page: Page, target: Locator) -> None:
    """Go there and press Enter."""
    reach(page, target)
    page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    """Go there and type, over whatever stands there."""
    reach(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, words: str, option: str) -> None:
    """Type into a field that looks records up, and take what it offers."""
    write(page, target, words)
    page.get_by_role("option", name=option).first.wait_for()
    page.keyboard.press("Enter")


def jump(page: Page, words: str, option: str) -> None:
    """Open the palette, type, and go to what it finds."""
    page.keyboard.press("Control+k")
    page.locator("#palette-input").wait_for()
    page.keyboard.type(words)
    page.get_by_role("option", name=option).first.wait_for()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def sign_in_by_keyboard(page: Page, user: User) -> None:
    """Come in without a mouse."""
    page.goto("/sign-in/")
    write(page, page.get_by_label("E-mail"), user.email)
    write(page, page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def sign_in(page: Page, user: User) -> Page:
    """Come in; when this returns the first page's scripts listen to every key."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def listen(page: Page) -> list[str]:
    """A list that fills with all the browser complains about: errors in its console, scripts that fail, the content policy.

    Not with a request left behind or without a connection, nor with a refusal (409, 422): the page answers for those.
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERS.match(message.text):
            complaints.append(message.text)

    page.add_init_script(WATCH)
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def eventually(page: Page, drain: Callable[[], object]) -> None:
    """Let the workers do their work, then look again."""
    drain()
    page.reload()
