// News: while the page is visible ask whether the record looks different now; often just after the page came (a worker may be at it), then every five seconds.
const live = document.querySelector("[data-live]");
if (live) {
  const began = performance.now();
  let seen = "";
  let asking = false;
  const busy = () => document.querySelector("dialog[open]") || live.querySelector(":popover-open")
    || (live.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), textarea, select"));
  const ask = async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(live.dataset.live, { headers: { "X-News": "1", ...(seen ? { "If-None-Match": seen } : {}) }, cache: "no-store" });
      if (answer.status === 200 && !answer.redirected && !busy()) {
        const first = seen === "";
        const html = await answer.text();
        seen = answer.headers.get("ETag") || "";
        const focused = live.contains(document.activeElement) ? document.activeElement.textContent.trim() : "";
        if (!first || shape(html) !== shape(live.innerHTML)) {
          live.innerHTML = html;
          window.htmx?.process(live);
          if (focused) [...live.querySelectorAll("a, button")].find((one) => one.textContent.trim() === focused)?.focus({ preventScroll: true });
        }
      }
    } catch { /* offline: ask again later */ } finally { asking = false; }
  };
  const shape = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content.textContent.replace(/\s+/g, " ").trim();
  };
  const tick = () => {
    const age = performance.now() - began;
    ask().finally(() => setTimeout(tick, age < 3000 ? 300 : age < 15000 ? 1000 : 5000));
  };
  setTimeout(tick, 200);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
}
