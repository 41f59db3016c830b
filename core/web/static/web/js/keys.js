// Single keys: only outside fields, only without modifiers, never while a dialog or a menu is open.
// The map behind "?" is made from what this page really offers: [data-keys-if] names what must be there, [data-key] carries its own key.
let goPressed = 0;
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
const press = (element) => { element?.focus(); element?.click(); };
const busyWith = () => document.querySelector("dialog[open]:not(.peek), .menu:popover-open");
const keyRow = (keys, label) => {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  const words = document.createElement("dd");
  keys.forEach((key) => { const mark = document.createElement("kbd"); mark.textContent = key; term.append(mark, " "); });
  words.textContent = label;
  row.append(term, words);
  row.dataset.made = "";
  return row;
};
const showKeys = () => {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
  dialog.querySelectorAll("[data-made]").forEach((row) => row.remove());
  dialog.querySelectorAll("[data-keys-if]").forEach((row) => { row.dataset.off = document.querySelector(`:is(${row.dataset.keysIf}):not(#keys *)`) ? "" : "1"; });
  const here = dialog.querySelector("[data-keys-page] dl");
  document.querySelectorAll("[data-key]:not([data-key=c])").forEach((one) => here.append(keyRow([one.dataset.key], one.getAttribute("aria-label") || one.textContent.trim().replace(/\s+/g, " "))));
  document.querySelectorAll("[data-shortcut]").forEach((one) => here.append(keyRow(one.dataset.shortcut.split(" "), one.dataset.shortcutLabel)));
  const field = document.getElementById("keys-find");
  field.value = "";
  narrowKeys("");
  dialog.showModal();
};
const narrowKeys = (words) => {
  const dialog = document.getElementById("keys");
  let any = false;
  dialog.querySelectorAll(".keys section").forEach((section) => {
    let some = false;
    section.querySelectorAll("dl > div").forEach((row) => {
      row.hidden = row.dataset.off === "1" || !row.textContent.toLowerCase().includes(words.trim().toLowerCase());
      some ||= !row.hidden;
    });
    section.hidden = !some;
    any ||= some;
  });
  dialog.querySelector(".keys").classList.toggle("keys-none", !any);
};
document.getElementById("keys-find")?.addEventListener("input", (event) => narrowKeys(event.target.value));
document.addEventListener("satu:keys", showKeys);
document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-open]")) showKeys(); });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("satu:palette"));
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || busyWith()) return;
  const key = event.key;
  if (Date.now() - goPressed < 900) {
    goPressed = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (place) { event.preventDefault(); location.assign(place.href); }
    return;
  }
  if (key === "g") goPressed = Date.now();
  else if (key === "/") {
    const search = document.querySelector(".field-search input");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (key === "j" || key === "k") document.dispatchEvent(new CustomEvent("satu:walk", { detail: key === "j" ? 1 : -1 }));
  else if (key === "?") { event.preventDefault(); showKeys(); }
  else if (key === "c" && document.querySelector("[data-new]")) { event.preventDefault(); press(document.querySelector("[data-new]")); }
  else if (/^[a-z]$/.test(key)) {
    const named = document.querySelector(`[data-key="${key}"]`);
    if (named && !named.closest("[aria-disabled=true]")) { event.preventDefault(); press(named); }
  }
});
