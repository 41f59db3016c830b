// The line grid: Enter adds a line, Ctrl+Backspace removes one; the last line stays.
const gridOf = (element) => element.closest?.("[data-grid]");
const total = (grid) => grid.querySelector(`[name="${grid.dataset.grid}-TOTAL_FORMS"]`);
const add = (grid) => {
  const count = total(grid);
  const number = Number(count.value);
  const shell = document.createElement("table");
  const body = document.createElement("tbody");
  shell.append(body);
  body.innerHTML = grid.querySelector("[data-grid-new]").innerHTML.replaceAll("__prefix__", String(number));
  const row = body.querySelector("[data-grid-row]");
  grid.querySelector("[data-grid-rows]").append(row);
  count.value = String(number + 1);
  window.htmx?.process(row);
  row.querySelector("input:not([type=hidden]):not([type=checkbox]), select")?.focus();
};
const refresh = (grid) => {
  const form = grid.closest("form");
  if (form?.hasAttribute("hx-post")) window.htmx?.trigger(form, "refresh");
};
const remove = (row) => {
  const grid = gridOf(row);
  const visible = [...grid.querySelectorAll("[data-grid-row]")].filter((one) => !one.hidden);
  const after = visible[visible.indexOf(row) + 1] || visible[visible.indexOf(row) - 1];
  const mark = row.querySelector("[name$='-DELETE']");
  if (mark) mark.checked = true;
  row.hidden = true;
  if (after) after.querySelector("input:not([type=hidden]):not([type=checkbox])")?.focus();
  else add(grid);
  refresh(grid);
};
document.addEventListener("click", (event) => {
  const grid = gridOf(event.target);
  if (!grid) return;
  if (event.target.closest("[data-grid-add]")) add(grid);
  const remover = event.target.closest("[data-grid-remove]");
  if (remover) remove(remover.closest("[data-grid-row]"));
});
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-grid-row]");
  if (!row || event.target.tagName === "BUTTON" || event.target.tagName === "TEXTAREA") return;
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const rows = [...gridOf(row).querySelectorAll("[data-grid-row]")].filter((one) => !one.hidden);
    const next = rows[rows.indexOf(row) + 1];
    if (next) next.querySelector("input:not([type=hidden]):not([type=checkbox])")?.focus();
    else add(gridOf(row));
  } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    remove(row);
  }
});
// Ctrl+Enter sends the form from anywhere in it. The preview's own htmx post must not swallow a real submit.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form[data-form]")?.requestSubmit();
});
