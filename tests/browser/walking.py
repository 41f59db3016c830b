"""A cold load of a page as a first visitor has it: what it asks for, what it weighs, what moves, what the browser complains about."""

from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

from config.sights import Sight
from tests.browser.people import listen

REQUESTS = 8
BYTES = 150 * 1024
PAPERS = 1  # the picture of a paper is what the page is about, and not counted with what the page itself is made of
WATCH = """
window.shifted = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted.push(entry);
}).observe({type: "layout-shift", buffered: true});
"""
SHIFTED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
    const at = box => [box.x, box.y, box.width, box.height].map(Math.round).join(" ");
    const moved = one => `${one.node?.nodeName}.${one.node?.className} from ${at(one.previousRect)} to ${at(one.currentRect)}`;
    done(shifted.map(entry => `${entry.value.toFixed(4)}: ${entry.sources.map(moved).join(", ")}`));
})))"""


class Walk:
    """One window that goes from page to page, and each time comes as if it had never been here."""

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.complaints = listen(self.page)
        self.line: CDPSession = context.new_cdp_session(self.page)
        self.line.send("Network.enable")
        self.line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.line.on("Network.requestWillBeSent", self.sent)
        self.line.on("Network.loadingFinished", self.finished)
        self.left = ""
        self.asked: dict[str, str] = {}
        self.papers: list[str] = []
        self.bytes = 0.0

    def sent(self, event: dict[str, Any]) -> None:
        """One more request; not what the page carried in itself, not its asking for news, not the last word of the page before."""
        address, heads = event["request"]["url"], event["request"]["headers"]
        if event["type"] == "Image" and "/print/" in address:
            self.papers.append(address)
        elif not address.startswith("data:") and "X-News" not in heads and event["documentURL"] != self.left:
            self.asked[event["requestId"]] = address

    def finished(self, event: dict[str, Any]) -> None:
        """What came over the line for it, heads included."""
        self.bytes += event["encodedDataLength"] if event["requestId"] in self.asked else 0

    def open(self, sight: Sight) -> None:
        """Load a page."""
        self.left, self.asked, self.papers, self.bytes = self.page.url, {}, [], 0.0
        self.complaints.clear()
        answer = self.page.goto(sight.address, wait_until="load")
        assert answer is not None
        if (answer.status, answer.url.endswith(sight.address)) != (200, True):
            self.complaints.append(f"{answer.status} {answer.url}")

    def overspent(self) -> list[str]:
        """What was too much up to now."""
        moved = self.page.evaluate(SHIFTED)
        found = [*self.complaints, *(f"shifts by {one}" for one in moved)]
        if len(self.asked) > REQUESTS:
            found.append(f"{len(self.asked)} requests: {' '.join(one.rpartition('/')[2] or one for one in self.asked.values())}")
        if len(self.papers) > PAPERS:
            found.append(f"{len(self.papers)} pictures of papers")
        if self.bytes > BYTES:
            found.append(f"{self.bytes / 1024:.0f} KB")
        return found
