// Single keys: only outside fields, only without modifiers, never while a dialog is open.
let goPressed = 0;
const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
const press = (element) => { element?.focus(); element?.click(); };
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("satu:palette"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
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
  else if (key === "?") { event.preventDefault(); document.getElementById("keys")?.showModal(); }
  else if (/^[a-z]$/.test(key)) {
    const named = document.querySelector(`[data-key="${key}"]`);
    if (named) { event.preventDefault(); press(named); }
  }
});
