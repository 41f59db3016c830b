"""Takes the README's pictures from a running demo: ``PYTHONPATH=. .venv/bin/python docs/pictures/take.py [address]``.

Needs the development requirements (``python3 manage.py test`` installs them) and Chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browsers import FLAGS, NAMES

HERE = Path(__file__).parent
DESK, PHONE = (1440, 900), (390, 844)
PICTURES = (
    ("home", "hendra@nusantara.example", DESK, "light", "/"),
    ("pipeline", "dewi@nusantara.example", DESK, "light", "/crm/deals/board/"),
    ("order", "dewi@nusantara.example", DESK, "light", "/sales/orders/?q=Hasta"),
    ("customer-dark", "dewi@nusantara.example", DESK, "dark", "/parties/?q=Hasta"),
    ("phone", "dewi@nusantara.example", PHONE, "light", "/sales/orders/"),
)


def take(browser: Browser, address: str, name: str, email: str, size: tuple[int, int], theme: str, page_at: str) -> None:
    """Sign in, go there, and keep what is seen. A search leads on to the first thing found."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if theme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_role("listitem").filter(has_text=email).get_by_role("button", name="Enter").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(address + page_at)
    if "?q=" in page_at:
        page.locator("tbody a").first.click()
        page.wait_for_url(lambda url: "?q=" not in url)
    page.wait_for_timeout(800)
    page.screenshot(path=HERE / f"{name}.png")
    context.close()


def main(address: str) -> None:
    """Take them all."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for picture in PICTURES:
            take(browser, address, *picture)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
