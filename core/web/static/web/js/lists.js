// The list's dialogs: the filter builder shows only the values an operator wants and counts while one types; columns move up and down.
const wantsOf = (condition) => {
  const takes = JSON.parse(condition.dataset.takes)[condition.querySelector("select[name$='-op']")?.value] ?? "one";
  condition.querySelectorAll("[data-wants]").forEach((field) => { field.hidden = !field.dataset.wants.split(" ").includes(takes); });
};
const arrange = () => document.querySelectorAll("[data-condition]").forEach(wantsOf);
let counting = 0;
let turn = 0;
const count = (form) => {
  clearTimeout(counting);
  counting = setTimeout(async () => {
    const told = form.querySelector("[data-count-at]");
    const asked = new URLSearchParams(new FormData(form));
    asked.delete("new");
    asked.set("count", "1");
    turn += 1;
    const mine = turn;
    try {
      const answer = await fetch(`${told.dataset.countAt}?${asked}`, { headers: { "HX-Request": "true" } });
      if (answer.ok && mine === turn) told.textContent = await answer.text();
    } catch { /* offline: the count stays as it was */ }
  }, 250);
};
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-filter-form]");
  if (form && !event.target.matches("[data-new-condition]")) count(form);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-filter-form]");
  if (event.target.matches?.("select[name$='-op']") && event.target.closest("[data-condition]")) wantsOf(event.target.closest("[data-condition]"));
  if (!form) return;
  if (event.target.matches("[data-new-condition]")) { if (event.target.value) form.requestSubmit(form.querySelector("[name=add]")); }
  else count(form);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "dialog") return;
  arrange();
  const added = [...event.detail.target.querySelectorAll("[data-filter-form] [data-condition]")].at(-1);
  added?.querySelector("[data-wants]:not([hidden]) :is(input:not([type=hidden]), select), select[name$='-op']")?.focus();
});
arrange();
document.addEventListener("click", (event) => {
  const up = event.target.closest?.("[data-column-up]");
  const down = event.target.closest?.("[data-column-down]");
  const line = (up || down)?.closest("li");
  if (!line) return;
  if (up) line.previousElementSibling?.before(line);
  else line.nextElementSibling?.after(line);
  (up || down).focus();
});
// A phone's sheet and the menus close when what they hold was chosen; a report, once closed, shows the list anew.
document.addEventListener("close", (event) => {
  if (event.target.id === "dialog" && event.target.querySelector("[data-bulk-done]")) location.assign(event.target.querySelector("[data-bulk-done] a").href);
}, true);
