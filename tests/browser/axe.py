"""What axe finds on a page: WCAG 2.2 AA and its best practices."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
THRIFT: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, "iframes": False}
SHELL = [["#side"], [".top"], ["#palette"], ["#keys"]]
SCRIPT = Axe().axe_script
RUN = "([but, rules]) => axe.run(but.length ? {exclude: but} : document, rules).then(found => found.violations)"


def faults(page: Page, rules: dict[str, Any] = RULES, *, shell: bool = True) -> list[str]:
    """A line each; without the shell, what stands around every page is left out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, [[] if shell else SHELL, {**THRIFT, **rules}])
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
