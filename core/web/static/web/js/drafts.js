// Nothing typed is lost: drafts are kept in this browser, for this person and this address, and offered when the form is opened again.
// Sent forms, and signing out, clear them. A form that came back with errors, an ended session or an old page keeps them.
const SKIP = /^(csrfmiddlewaretoken|_version|_before)$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
const KEPT_DAYS = 14;
const draftKey = (form) => `draft:${form.dataset.draft}:${new URL(form.action || location.href, location.href).pathname}`;
const readDraft = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const whatStands = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SKIP.test(name));
const totals = (form) => Object.fromEntries([...form.querySelectorAll("[name$='-TOTAL_FORMS']")].map((field) => [field.name, field.value]));
const opened = new WeakMap();
const timers = new WeakMap();
const saving = new WeakSet();
const changed = (form) => opened.has(form) && opened.get(form) !== JSON.stringify(whatStands(form));
const keepDraft = (form) => {
  if (!form.isConnected || saving.has(form)) return;
  if (!changed(form)) { localStorage.removeItem(draftKey(form)); return; }
  try { localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), fields: whatStands(form), totals: totals(form) })); } catch { /* full: the browser keeps the page itself */ }
};
const relative = (at) => {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const minutes = Math.round((at - Date.now()) / 60000);
  return Math.abs(minutes) < 60 ? words.format(minutes, "minute") : Math.abs(minutes) < 1440 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
};
const restore = (form, draft) => {
  for (const [name, count] of Object.entries(draft.totals || {})) {
    const grid = form.querySelector(`[data-grid="${CSS.escape(name.replace("-TOTAL_FORMS", ""))}"]`);
    while (grid && Number(form.elements[name].value) < Number(count)) grid.dispatchEvent(new CustomEvent("satu:add-line"));
  }
  const wanted = new Map();
  for (const [name, value] of draft.fields) wanted.set(name, [...(wanted.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || SKIP.test(field.name) || field.type === "file" || field.type === "submit") continue;
    const values = wanted.get(field.name);
    if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values?.includes(field.value));
    else if (field.multiple) [...field.options].forEach((option) => { option.selected = Boolean(values?.includes(option.value)); });
    else if (values) field.value = values.shift() ?? field.value;
  }
  form.querySelectorAll("[data-grid-row] [name$='-DELETE']:checked").forEach((mark) => { mark.closest("[data-grid-row]").hidden = true; });
  form.querySelectorAll("[data-grid]").forEach((grid) => grid.dispatchEvent(new CustomEvent("satu:reorder")));
  window.htmx?.trigger(form, "refresh");
};
const offer = (form, draft) => {
  const shell = form.querySelector("[data-draft-offer]") || document.querySelector("[data-draft-offer]");
  if (form.matches("[data-composer]") || !shell) { restore(form, draft); return; }
  const notice = shell.content.cloneNode(true).firstElementChild;
  notice.querySelector("[data-draft-when]").textContent = relative(draft.at);
  (form.querySelector("[data-notices]") || form.querySelector(".dialog-body"))?.prepend(notice);
  notice.querySelector("[data-draft-restore]").addEventListener("click", () => { restore(form, draft); notice.remove(); form.querySelector(":is(input, select, textarea):not([type=hidden])")?.focus(); });
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => { localStorage.removeItem(draftKey(form)); notice.remove(); });
};
const meet = (form) => {
  if (opened.has(form)) return;
  opened.set(form, JSON.stringify(whatStands(form)));
  const draft = readDraft(draftKey(form));
  if (!draft || form.hasAttribute("data-bound")) { if (form.hasAttribute("data-bound")) opened.set(form, ""); return; }
  if (Date.now() - draft.at > KEPT_DAYS * 86400000 || JSON.stringify(draft.fields) === opened.get(form)) localStorage.removeItem(draftKey(form));
  else offer(form, draft);
};
const inside = document.getElementById("side") !== null;
const sent = sessionStorage.getItem("sent");
if (sent) {
  sessionStorage.removeItem("sent");
  const back = [...document.querySelectorAll("form[data-draft][data-bound]")].some((form) => draftKey(form) === sent);
  if (inside && !back && !document.querySelector("[data-not-kept], .conflict")) localStorage.removeItem(sent);
  if (document.querySelector(".conflict")) sessionStorage.setItem("waiting", sent);
} else if (sessionStorage.getItem("waiting") && inside && !document.querySelector(".conflict")) {
  localStorage.removeItem(sessionStorage.getItem("waiting"));
  sessionStorage.removeItem("waiting");
}
document.querySelectorAll("form[data-draft]").forEach(meet);
document.addEventListener("htmx:afterSettle", (event) => event.detail.target?.querySelectorAll?.("form[data-draft]").forEach(meet));
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keepDraft(form), 400));
});
document.addEventListener("satu:sent", (event) => {
  clearTimeout(timers.get(event.target));
  localStorage.removeItem(draftKey(event.target));
  opened.set(event.target, JSON.stringify(whatStands(event.target)));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[action$='/sign-out/']")) Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
  if (!form.matches("form[data-draft]") || form.matches("[data-composer]")) return;
  keepDraft(form);
  saving.add(form);
  sessionStorage.setItem("sent", draftKey(form));
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.matches?.("form[data-draft]") ? event.detail.elt : null;
  if (form && !event.detail.successful) { saving.delete(form); sessionStorage.removeItem("sent"); }
});
addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach(keepDraft));
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-form]")].some((form) => !saving.has(form) && changed(form) && opened.get(form) !== "")) event.preventDefault();
});
