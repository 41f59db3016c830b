// After a part of the page was exchanged, the focus stays where the person was: on the same control, else on the part itself.
let focusBefore = null;
const nameOf = (element) => ({
  id: element.id,
  key: element.dataset?.key || "",
  name: element.getAttribute("name") || "",
  href: element.getAttribute("href") || "",
  text: element.textContent.trim().slice(0, 80),
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const here = document.activeElement;
  focusBefore = event.detail.target?.contains(here) && here !== event.detail.target ? nameOf(here) : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!focusBefore || document.activeElement !== document.body) { focusBefore = null; return; }
  const { id, name, href, text } = focusBefore;
  focusBefore = null;
  const part = document.getElementById(event.detail.target?.id) || document.getElementById("main");
  const same = (id && document.getElementById(id))
    || [...part.querySelectorAll("a, button, input, select, textarea")].find((one) => (name && one.getAttribute("name") === name) || (href && one.getAttribute("href") === href) || (text && one.textContent.trim().slice(0, 80) === text));
  if (same) same.focus({ preventScroll: true });
  else { if (!part.hasAttribute("tabindex")) part.tabIndex = -1; part.focus({ preventScroll: true }); }
});
