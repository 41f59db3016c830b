// The line grid: Enter adds a line, Ctrl+Backspace removes one, arrows walk, Alt+arrows move a line, a block from a spreadsheet is taken as it is.
const gridOf = (element) => element.closest?.("[data-grid]");
const ENTRY = "input:not([type=hidden]):not([type=checkbox]):not([disabled]), select";
const counted = (grid) => grid.querySelector(`[name="${grid.dataset.grid}-TOTAL_FORMS"]`);
const orderOf = (grid) => grid.querySelector(`[name="${grid.dataset.grid}-ORDER"]`);
const rowsIn = (grid) => [...grid.querySelectorAll("[data-grid-rows] > [data-grid-row]")];
const shownRows = (grid) => rowsIn(grid).filter((row) => !row.hidden);
const announce = (words) => { const box = document.getElementById("announce"); if (box) box.textContent = words; };
const refresh = (grid) => {
  const form = grid.closest("form");
  form?.dispatchEvent(new Event("input", { bubbles: true }));
  if (form?.hasAttribute("hx-post")) window.htmx?.trigger(form, "refresh");
};
const noteOrder = (grid) => { const field = orderOf(grid); if (field) field.value = rowsIn(grid).map((row) => row.dataset.gridRow).join(","); };
const addRow = (grid, focus = true) => {
  const shell = grid.querySelector("[data-grid-new]");
  if (!shell) return null;
  const count = counted(grid);
  const number = Number(count.value);
  const table = document.createElement("table");
  const body = document.createElement("tbody");
  table.append(body);
  body.innerHTML = shell.innerHTML.replaceAll("__prefix__", String(number));
  const row = body.querySelector("[data-grid-row]");
  grid.querySelector("[data-grid-rows]").append(row);
  count.value = String(number + 1);
  noteOrder(grid);
  window.htmx?.process(row);
  if (focus) row.querySelector(ENTRY)?.focus();
  return row;
};
const removeRow = (row) => {
  const grid = gridOf(row);
  if (grid.hasAttribute("data-grid-fixed")) return;
  const shown = shownRows(grid);
  const after = shown[shown.indexOf(row) + 1] || shown[shown.indexOf(row) - 1];
  const mark = row.querySelector("[name$='-DELETE']");
  if (mark) mark.checked = true;
  row.hidden = true;
  announce(grid.dataset.wordsRemoved || "");
  if (after) after.querySelector(ENTRY)?.focus();
  else addRow(grid);
  refresh(grid);
};
const moveRow = (row, step, field) => {
  const grid = gridOf(row);
  if (grid.hasAttribute("data-grid-fixed")) return;
  const shown = shownRows(grid);
  const other = shown[shown.indexOf(row) + step];
  if (!other) return;
  if (step > 0) other.after(row); else other.before(row);
  noteOrder(grid);
  field?.focus();
  announce((grid.dataset.wordsMoved || "").replace("%s", String(shownRows(grid).indexOf(row) + 1)));
  refresh(grid);
};
const columnOf = (field) => field.closest("[data-column]")?.dataset.column;
const entryIn = (row, column) => row.querySelector(`[data-column="${CSS.escape(column)}"] :is(${ENTRY})`);
document.addEventListener("satu:add-line", (event) => addRow(event.target, false), true);
document.addEventListener("satu:reorder", (event) => {
  const grid = event.target;
  const wanted = (orderOf(grid)?.value || "").split(",").filter(Boolean);
  for (const number of wanted) {
    const row = rowsIn(grid).find((one) => one.dataset.gridRow === number);
    if (row) row.parentElement.append(row);
  }
}, true);
document.addEventListener("click", (event) => {
  const grid = gridOf(event.target);
  if (!grid) return;
  if (event.target.closest("[data-grid-add]")) addRow(grid);
  const remover = event.target.closest("[data-grid-remove]");
  if (remover) removeRow(remover.closest("[data-grid-row]"));
});
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("[data-grid-row]");
  if (!row || event.target.tagName === "BUTTON" || event.target.tagName === "TEXTAREA") return;
  const grid = gridOf(row);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const open = event.target.getAttribute("role") === "combobox" && event.target.getAttribute("aria-expanded") === "true";
  if (step && event.altKey) {
    event.preventDefault();
    event.stopPropagation();
    moveRow(row, step, event.target);
  } else if (step && !open && event.target.tagName !== "SELECT") {
    const shown = shownRows(grid);
    const next = shown[shown.indexOf(row) + step];
    if (next) { event.preventDefault(); event.stopPropagation(); const field = entryIn(next, columnOf(event.target)); field?.focus(); field?.select?.(); }
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !open) {
    event.preventDefault();
    const shown = shownRows(grid);
    const next = shown[shown.indexOf(row) + 1];
    if (next) next.querySelector(ENTRY)?.focus();
    else addRow(grid);
  } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    removeRow(row);
  }
}, true);
// Ctrl+Enter sends the form from anywhere in it. The preview's own htmx post must not swallow a real submit.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form[data-form], form.verb-form")?.requestSubmit();
});
// A block of cells: tabs part the columns, lines the rows, in the order of the grid's own columns from the cell it was pasted into.
const cellsOf = (text) => {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const row = rows.at(-1);
    const letter = text[at];
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
      else if (letter === '"') quoted = false;
      else row[row.length - 1] += letter;
    } else if (letter === '"' && row.at(-1) === "") quoted = true;
    else if (letter === "\t") row.push("");
    else if (letter === "\n") rows.push([""]);
    else if (letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some(Boolean));
};
const tellCell = (field, words) => {
  const cell = field.closest("[data-column]");
  cell.querySelector(".cell-told")?.remove();
  cell.classList.toggle("cell-bad", Boolean(words));
  if (!words) { field.removeAttribute("aria-invalid"); return; }
  const told = document.createElement("span");
  told.className = "cell-told";
  told.textContent = words;
  told.id = `${field.id}_told`;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", told.id);
  cell.append(told);
};
const putLookup = async (field, text, given, grid) => {
  const box = field.closest("[data-lookup]");
  const hidden = box.querySelector("input[type=hidden]");
  field.value = text;
  hidden.value = "";
  if (!text) return true;
  try {
    const answer = await fetch(`${box.dataset.lookup}?exact=1&q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    const found = answer.ok ? (await answer.json()).results : [];
    if (found.length === 1) {
      hidden.value = found[0].value;
      field.value = found[0].label;
      const row = field.closest("[data-grid-row]");
      for (const [name, value] of Object.entries(found[0].fill || {})) {
        const other = entryIn(row, name);
        if (other && !given.has(name) && !other.value) other.value = value;
      }
      return true;
    }
  } catch { /* offline: the words stay, the server looks them up when the form is sent */ }
  tellCell(field, grid.dataset.wordsUnknown.replace("%s", text));
  return false;
};
const putCell = async (field, text, given, grid) => {
  tellCell(field, "");
  if (field.closest("[data-lookup]")) return putLookup(field, text, given, grid);
  if (field.tagName === "SELECT") {
    const option = [...field.options].find((one) => [one.value, one.textContent].some((word) => word.trim().toLowerCase() === text.toLowerCase()));
    if (option) field.value = option.value;
    else if (text) { tellCell(field, grid.dataset.wordsOption.replace("%s", text)); return false; }
    return true;
  }
  field.value = text;
  if (field.classList.contains("number") && text && !/^[-−+(]?\s*(?:rp\.?|us\$|[a-z]{3}|\p{Sc})?\s*[-−+]?[\d.,\s\u00a0]*\d[\d.,\s\u00a0]*(?:,-|%|\)|[a-z]{3}|\p{Sc})?$/iu.test(text)) {
    tellCell(field, grid.dataset.wordsNumber.replace("%s", text));
    return false;
  }
  if (field.classList.contains("number")) field.value = text.replace(/%$/, "");
  return true;
};
const isHeading = (cells, columns, grid) => {
  const heads = columns.map((column) => grid.querySelector(`th.grid-${CSS.escape(column)}`)?.textContent.trim().toLowerCase());
  return cells.length > 1 && cells.every((cell, number) => !cell || cell.toLowerCase() === heads[number]);
};
document.addEventListener("paste", async (event) => {
  const field = event.target.closest?.(`[data-grid-row] :is(${ENTRY})`);
  const text = event.clipboardData?.getData("text/plain") || "";
  if (!field || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const grid = gridOf(field);
  const start = field.closest("[data-grid-row]");
  const all = [...start.querySelectorAll("[data-column]")].filter((cell) => cell.querySelector(ENTRY)).map((cell) => cell.dataset.column);
  const columns = all.slice(all.indexOf(columnOf(field)));
  let block = cellsOf(text);
  if (block.length > 1 && isHeading(block[0], columns, grid)) block = block.slice(1);
  let at = shownRows(grid).indexOf(start);
  const work = [];
  for (const cells of block) {
    const row = shownRows(grid)[at] || addRow(grid, false);
    if (!row) break;
    at += 1;
    const given = new Set(columns.slice(0, cells.length).filter((_column, number) => cells[number]));
    cells.slice(0, columns.length).forEach((cell, number) => {
      const target = entryIn(row, columns[number]);
      if (target) work.push(putCell(target, cell, given, grid));
    });
  }
  const bad = (await Promise.all(work)).filter((well) => !well).length;
  announce([grid.dataset.wordsPasted.replace("%s", String(block.length)), bad ? grid.dataset.wordsBad.replace("%s", String(bad)) : ""].filter(Boolean).join(", "));
  refresh(grid);
  // What was pasted takes a moment to be looked up: who has gone on meanwhile is left where they are.
  if ([field, document.body].includes(document.activeElement)) (grid.querySelector(".cell-bad :is(input, select)") || field).focus();
}, true);
document.addEventListener("input", (event) => { if (event.target.closest?.(".cell-bad")) tellCell(event.target, ""); });
