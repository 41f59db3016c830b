"""`manage.py screens`: a picture of every page of the demo company, and a list of what is wrong with them."""

import argparse
import html
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import embedded, showroom
from config.bootstrap import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from config.sights import Sight

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
WATCH = "addEventListener('securitypolicyviolation', event => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI))"
SETTLED = 300  # milliseconds until what comes after the page (counters, pieces by htmx) is there; record pages never fall silent
TALLEST = 2600  # a picture of a long page ends here
README = ROOT / "docs" / "pictures"
# The pictures of the README: name, who looks, how large, in which theme, at what.
BEST = (
    ("home", "hendra@nusantara.example", "desk", "light", "/"),
    ("pipeline", "dewi@nusantara.example", "desk", "light", "/crm/deals/board/"),
    ("order", "dewi@nusantara.example", "desk", "light", "/sales/orders/?q=Hasta"),
    ("customer-dark", "dewi@nusantara.example", "desk", "dark", "/parties/?q=Hasta"),
    ("phone", "dewi@nusantara.example", "phone", "light", "/sales/orders/"),
)


@dataclass
class Shown:
    """A page as it was seen: its pictures, and what was wrong."""

    title: str
    address: str
    pictures: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def main(words: Sequence[str]) -> int:
    """Start everything, look at everything, say what is wrong."""
    wish = wishes(words)
    if not importable("playwright"):
        print("The development requirements are missing; install requirements-dev.lock.", file=sys.stderr)  # noqa: T201
        return 2
    place = embedded.private()
    with embedded.running(place), tempfile.TemporaryDirectory(prefix="satu-screens-") as folder:
        os.environ["REDIS_URL"] = embedded.redis_url(place)
        os.environ["SECRET_KEY"] = "only-for-pictures-" + "x" * 50
        told = showroom.environment(embedded.database_url(place), Path(folder) / "static", demo=True)
        say(f"Letting the demo company live for {wish.days or 'a year of'} days")
        showroom.fill(told, wish.days)
        os.environ.update(told)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        with showroom.serving(told) as address:
            started = time.monotonic()
            shown = Studio(address, wish).look()
            say(f"{sum(len(one.pictures) for one in shown)} pictures of {len(shown)} pages in {time.monotonic() - started:.0f} s")
    (wish.folder / "index.html").write_text(contact_sheet(shown))
    for one in shown:
        for fault in one.faults:
            say(f"{one.title} ({one.address}): {fault}")
    say(f"Look at {wish.folder / 'index.html'}")
    return 1 if any(one.faults for one in shown) else 0


def wishes(words: Sequence[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="manage.py screens", description="Takes a picture of every page of the demo company.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".satu" / "screens", help="where the pictures go (.satu/screens)")
    parser.add_argument("--only", default="", help="only pages whose URL name holds this, e.g. sales:order")
    parser.add_argument("--language", default="en", choices=("en", "id"), help="the language the people read (en)")
    parser.add_argument("--roles", action="store_true", help="every page for every role that may open it, not only for the owner")
    parser.add_argument("--days", type=int, default=None, help="how long the company has lived (a year)")
    parser.add_argument("--readme", action="store_true", help="take the README's pictures, into docs/pictures, and nothing else")
    wish = parser.parse_args(words)
    wish.folder.mkdir(parents=True, exist_ok=True)
    return wish


def importable(name: str) -> bool:
    """Whether a package is installed."""
    from importlib.util import find_spec

    return find_spec(name) is not None


class Studio:
    """Where the pictures are taken: one browser, one window for each person and size."""

    def __init__(self, address: str, wish: argparse.Namespace) -> None:
        self.address = address
        self.wish = wish
        self.shown: dict[str, Shown] = {}

    def look(self) -> list[Shown]:
        """Every page, in every size and theme."""
        import django

        django.setup()
        from playwright.sync_api import sync_playwright

        from tests.browsers import launch

        people = self.prepare()
        with sync_playwright() as playwright:
            browser = launch(playwright)
            if self.wish.readme:
                for picture in BEST:
                    self.take_best(browser, *picture)
            else:
                for size in SIZES:
                    self.without_signing_in(browser, size)
                    for email, role, sights in people:
                        self.as_person(browser, size, email, role, sights)
            browser.close()
        return list(self.shown.values())

    def prepare(self) -> "list[tuple[str, str, list[Sight]]]":
        """Who looks at what: the owner at everything, the others at their home page (at everything of theirs with --roles)."""
        from config.sights import HOME, opened
        from core.people.models import User
        from integration.demo.cast import COLLEAGUES

        User.objects.update(language=self.wish.language)
        people = []
        for number, colleague in enumerate(
            one for place, one in enumerate(COLLEAGUES) if one.role not in {c.role for c in COLLEAGUES[:place]}
        ):
            user = User.objects.get(email=colleague.email)
            wanted = opened(user, self.wish.only) if number == 0 or self.wish.roles else [HOME]
            people.append((user.email, "" if number == 0 else str(colleague.role), [one for one in wanted if self.wish.only in one.name]))
        return people

    # -- Looking -----------------------------------------------------------------------------------------------------
    def without_signing_in(self, browser: "Browser", size: str) -> None:
        """The door."""
        if self.wish.only and self.wish.only not in "web:sign-in":
            return
        context = self.window(browser, size)
        page = context.new_page()
        shown = self.note("web-sign-in", "web:sign-in", "/sign-in/")
        self.watch(page, shown)
        self.go(page, shown, "/sign-in/")
        self.photograph(page, shown, "web-sign-in", size)
        context.close()

    def as_person(self, browser: "Browser", size: str, email: str, role: str, sights: "list[Sight]") -> None:
        """All pages of one person in one size."""
        if not sights:
            return
        context = self.window(browser, size)
        self.sign_in(context, email)
        for sight in sights:
            name = f"{role}-{sight.slug}" if role else sight.slug
            shown = self.note(name, f"{role} {sight.name}".strip(), sight.address)
            page = context.new_page()
            self.watch(page, shown)
            self.open(page, shown, sight)
            self.photograph(page, shown, name, size)
            page.close()
        if not role and not self.wish.only:
            self.extras(context, size)
        context.close()

    def extras(self, context: "BrowserContext", size: str) -> None:
        """What is no page of its own: the palette, the map of the keys, the pages of errors."""
        for name, key in (("palette", "Control+k"), ("keys", "?")):
            shown = self.note(name, name, "/")
            page = context.new_page()
            self.watch(page, shown)
            self.go(page, shown, "/")
            page.keyboard.press(key)
            page.wait_for_timeout(400)
            self.photograph(page, shown, name, size)
            page.close()
        shown = self.note("not-found", "not found", "/nothing/here/")
        page = context.new_page()
        page.goto(f"{self.address}/nothing/here/")
        self.photograph(page, shown, "not-found", size)
        page.close()

    def open(self, page: "Page", shown: Shown, sight: "Sight") -> None:
        """Go to a page; a question is opened as its dialog, on the page of its record."""
        if sight.kind != "dialog":
            self.go(page, shown, sight.address)
            return
        self.go(page, shown, re.sub(r"[^/]+/$", "", sight.address))
        button = page.locator(f"[hx-get='{sight.address}']").first
        if not button.is_visible():
            self.go(page, shown, sight.address)
            return
        button.click()
        page.locator("dialog[open]").first.wait_for()
        page.wait_for_timeout(150)

    def go(self, page: "Page", shown: Shown, address: str) -> None:
        """Open an address and wait until it stands still."""
        answer = page.goto(self.address + address)
        if answer is None or answer.status >= 400:
            shown.faults.append(f"answers {answer.status if answer else 'nothing'}")
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLED)

    def photograph(self, page: "Page", shown: Shown, name: str, size: str) -> None:
        """The page in light and dark, and whether it overflows."""
        wide, tall = SIZES[size]
        if page.evaluate("document.documentElement.scrollWidth") > wide:
            shown.faults.append(f"overflows sideways at {wide}: {page.evaluate(WIDEST)}")
        height = min(max(page.evaluate("document.documentElement.scrollHeight"), tall), TALLEST)
        page.set_viewport_size({"width": wide, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            page.wait_for_timeout(SETTLED)  # colours fade, and a busy machine paints late
            picture = f"{name}.{size}.{theme}.png"
            page.screenshot(path=self.wish.folder / picture)
            shown.pictures[f"{size} {theme}"] = picture

    # -- The README --------------------------------------------------------------------------------------------------
    def take_best(self, browser: "Browser", name: str, email: str, size: str, theme: str, at: str) -> None:
        """One picture of the README. A search leads on to the first thing found."""
        context = self.window(browser, size, theme)
        self.sign_in(context, email)
        page = context.new_page()
        page.goto(self.address + at)
        if "?q=" in at:
            page.locator("tbody a").first.click()
            page.wait_for_url(lambda url: "?q=" not in url)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        page.screenshot(path=README / f"{name}.png")
        self.note(name, name, at).pictures["desk light"] = f"{name}.png"
        context.close()

    # -- Around ------------------------------------------------------------------------------------------------------
    def window(self, browser: "Browser", size: str, theme: str = "light") -> "BrowserContext":
        """A window of one size."""
        wide, tall = SIZES[size]
        scheme: Any = theme
        context = browser.new_context(
            viewport={"width": wide, "height": tall}, color_scheme=scheme, locale=self.wish.language, reduced_motion="reduce"
        )
        context.add_init_script(WATCH)
        context.set_default_timeout(15_000)
        return context

    def sign_in(self, context: "BrowserContext", email: str) -> None:
        """Come in as somebody of the cast."""
        from integration.demo.cast import PASSWORD

        page = context.new_page()
        page.goto(f"{self.address}/sign-in/")
        page.locator("#id_login").fill(email)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.close()

    def note(self, name: str, title: str, address: str) -> Shown:
        """The page's place on the contact sheet."""
        return self.shown.setdefault(name, Shown(title, address))

    def watch(self, page: "Page", shown: Shown) -> None:
        """Keep what the browser complains about."""
        page.on("console", lambda message: shown.faults.append(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: shown.faults.append(f"script: {error}"))


WIDEST = """() => [...document.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.tagName.toLowerCase() + "." + [...one.classList].join(".")).join(", ")"""


def contact_sheet(shown: Sequence[Shown]) -> str:
    """All pictures on one page."""
    return (
        "<!doctype html><meta charset=utf-8><title>Satu: every screen</title><style>body{font:13px system-ui;margin:24px;background:#eee}"
        "section{margin-bottom:32px}img{height:380px;border:1px solid #999;margin-right:12px;vertical-align:top;object-fit:cover;object-position:top}"
        "b{color:#b00}</style><h1>Every screen</h1>" + "".join(_rows(shown))
    )


def _rows(shown: Sequence[Shown]) -> Iterator[str]:
    for one in shown:
        faults = "".join(f"<p><b>{html.escape(fault)}</b></p>" for fault in one.faults)
        pictures = "".join(
            f'<a href="{path}"><img loading=lazy alt="{name}" title="{name}" src="{path}"></a>' for name, path in one.pictures.items()
        )
        yield f"<section><h2>{html.escape(one.title)} <small>{html.escape(one.address)}</small></h2>{faults}{pictures}</section>"


def say(line: str) -> None:
    """One line, at once."""
    print(f"  {line}", flush=True)  # noqa: T201
