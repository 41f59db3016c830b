// Menus: a link with data-pop opens a menu in place, filled from data-src; arrows walk in every menu; Escape gives focus back.
const popOf = (opener) => document.getElementById(opener.dataset.pop);
const popItems = (menu) => [...menu.querySelectorAll("a[href], button:not([disabled])")].filter((item) => item.offsetParent);
let popWasOpen = null;
document.addEventListener("pointerdown", (event) => {
  const opener = event.target.closest?.("[data-pop]");
  popWasOpen = opener && popOf(opener)?.matches(":popover-open") ? opener : null;
}, true);
const openPop = async (opener) => {
  const menu = popOf(opener);
  let html = "";
  try {
    const answer = await fetch(opener.dataset.src, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) { location.assign(opener.href); return; }
    html = await answer.text();
  } catch { document.dispatchEvent(new CustomEvent("satu:offline")); return; }
  menu.innerHTML = html;
  const own = opener.matches("[data-new]") && document.querySelector(".top-actions [data-key=c]");
  if (own && ![...menu.querySelectorAll("a")].slice(0, 1).some((first) => first.pathname === own.pathname)) {
    const first = own.cloneNode(true);
    first.className = "menu-item";
    delete first.dataset.key;
    menu.prepend(first);
  }
  if (!menu.matches(":popover-open")) menu.showPopover();
  popItems(menu)[0]?.focus();
};
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-pop]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (popWasOpen === opener || popOf(opener).matches(":popover-open")) { popWasOpen = null; popOf(opener).hidePopover(); opener.focus(); return; }
  openPop(opener);
});
document.addEventListener("toggle", (event) => {
  const opener = document.querySelector(`[data-pop="${CSS.escape(event.target.id || "")}"]`);
  opener?.setAttribute("aria-expanded", String(event.newState === "open"));
}, true);
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu:popover-open");
  if (!menu || event.target.matches("input, textarea, select")) return;
  const items = popItems(menu);
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined || !items.length) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
});
// What was read is marked as read on the way to its page.
const sendRead = (url) => fetch(url, { method: "POST", keepalive: true, headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"], Accept: "application/json" } });
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-read]");
  if (link) sendRead(link.dataset.read).catch(() => {});
  const all = event.target.closest("[data-read-all]");
  if (all) sendRead(all.dataset.readAll).then(() => {
    document.querySelectorAll(".told-new").forEach((one) => one.classList.remove("told-new"));
    popItems(all.closest(".menu")).find((item) => item !== all)?.focus();
    all.remove();
    document.dispatchEvent(new CustomEvent("satu:count"));
  }).catch(() => document.dispatchEvent(new CustomEvent("satu:offline")));
});
