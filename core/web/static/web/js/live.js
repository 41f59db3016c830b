// News: while the page is visible ask whether the record looks different now; often just after the page came (a worker may be at it), then every five seconds (every second while a worker is awaited: then it looks anew each time; every fifteen once nobody has touched the page for two minutes).
// What is new is worked into what stands there: focus, scroll, typed text, open menus and unfolded details stay as they are.
const live = document.querySelector("[data-live]");
const sameKind = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || "") === (other.id || "");
const isTyped = (field) => field === document.activeElement || (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
const OWN = new Set(["open", "aria-expanded", "aria-activedescendant", "data-kept"]);
const dress = (now, then) => {
  for (const { name } of [...now.attributes]) if (!then.hasAttribute(name) && !OWN.has(name) && !(name === "class" && now.className.includes("htmx-"))) now.removeAttribute(name);
  for (const { name, value } of [...then.attributes]) if (!OWN.has(name) && now.getAttribute(name) !== value) now.setAttribute(name, value);
};
const work = (now, then) => {
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.nodeValue !== then.nodeValue) now.nodeValue = then.nodeValue;
    return;
  }
  if (now.hasAttribute("data-keep") || now.classList.contains("htmx-request")) return;
  if (now.matches("input:not([type=hidden]), textarea, select") && isTyped(now)) return;
  if (now.isEqualNode(then)) return;
  dress(now, then);
  if (now.matches("input[type=hidden]")) now.value = then.value;
  workInside(now, then);
};
const workInside = (now, then) => {
  let here = now.firstChild;
  for (const next of [...then.childNodes]) {
    if (here && !sameKind(here, next) && next.nodeType === Node.ELEMENT_NODE) {
      let later = here;
      while (later && !sameKind(later, next)) later = later.nextSibling;
      const inserted = !later || (!next.id && then.childNodes.length > now.childNodes.length);
      if (!inserted) while (here !== later) { const gone = here; here = here.nextSibling; gone.remove(); }
    }
    if (here && sameKind(here, next)) { work(here, next); here = here.nextSibling; }
    else now.insertBefore(document.importNode(next, true), here);
  }
  while (here) { const gone = here; here = here.nextSibling; gone.remove(); }
};
if (live) {
  const began = performance.now();
  let touched = began;
  for (const act of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(act, () => { touched = performance.now(); }, { capture: true, passive: true });
  let seen = "";
  let asking = false;
  const ask = async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(live.dataset.live, { headers: { "X-News": "1", ...(seen && !live.querySelector("[data-busy]") ? { "If-None-Match": seen } : {}) }, cache: "no-store" });
      if (answer.status === 304) seen = answer.headers.get("ETag") || seen;
      if (answer.status === 200 && !answer.redirected && !document.querySelector("dialog[open]")) {
        const box = document.createElement("template");
        box.innerHTML = await answer.text();
        seen = answer.headers.get("ETag") || "";
        workInside(live, box.content);
        window.htmx?.process(live);
      }
    } catch { /* offline: ask again later */ } finally { asking = false; }
  };
  const tick = () => {
    const age = performance.now() - began;
    ask().finally(() => setTimeout(tick, age < 3000 ? 300 : age < 15000 || live.querySelector("[data-busy]") ? 1000 : performance.now() - touched < 120000 ? 5000 : 15000));
  };
  setTimeout(tick, 200);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  document.addEventListener("satu:written", () => ask());
}
