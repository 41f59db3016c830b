// Rows: a click opens, j and k walk, Enter or o opens, x chooses, space previews, e changes a cell. Modifiers stay the browser's.
const ownClick = (event) => event.target.closest("a, button, input, select, textarea, label, summary, form") === null;
const rowsNow = () => [...document.querySelectorAll("tr[data-href]")];
const rowHere = () => document.querySelector("tr.row-here[data-href]");
const typingIn = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

// -- Opening and walking -----------------------------------------------------------------------------------------------
let opening = 0;
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || !ownClick(event) || String(getSelection())) return;
  const open = () => { if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank"); else location.assign(row.dataset.href); };
  clearTimeout(opening);
  if (event.target.closest(".cell-edit")) opening = setTimeout(open, 260); // a second click would mean: change it
  else open();
});
document.addEventListener("dblclick", (event) => {
  const pencil = event.target.closest(".cell-edit")?.querySelector(".pencil");
  if (!pencil) return;
  clearTimeout(opening);
  getSelection()?.removeAllRanges();
  pencil.click();
});
const stand = (row) => {
  rowsNow().forEach((one) => one.classList.toggle("row-here", one === row));
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a.cell-link, td a")?.focus({ preventScroll: true });
  if (isPeeking()) peek(row);
};
document.addEventListener("satu:walk", (event) => {
  const rows = rowsNow();
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("row-here"));
  const step = event.detail;
  stand(rows[Math.max(0, Math.min(rows.length - 1, here === -1 ? (step > 0 ? 0 : rows.length - 1) : here + step))]);
});
let pressedG = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target) || document.querySelector("dialog[open], :popover-open.menu")) return;
  if (event.key === "g") { pressedG = Date.now(); return; }
  if (Date.now() - pressedG < 900) { pressedG = 0; return; }
  if (event.key === "Escape" && isPeeking()) { shutPeek(); return; }
  const row = rowHere();
  if (!row) return;
  const acts = {
    o: () => location.assign(row.dataset.href),
    x: () => row.querySelector("input[name=pk]")?.click(),
    e: () => row.querySelector(".pencil")?.click(),
    " ": () => (isPeeking() && peeked === row.dataset.href ? shutPeek() : peek(row)),
    Enter: () => location.assign(row.dataset.href),
  };
  if (!acts[event.key] || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
  if (event.key === "e" && !row.querySelector(".pencil")) return;
  if (event.key === " " && event.target.closest("button, input, summary")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  acts[event.key]();
}, true);

// -- Preview beside the list -------------------------------------------------------------------------------------------
let peeked = "";
const panel = () => document.getElementById("peek");
const isPeeking = () => Boolean(panel() && !panel().hidden);
const shutPeek = () => {
  panel().hidden = true;
  peeked = "";
  rowHere()?.querySelector("a")?.focus({ preventScroll: true });
};
async function peek(row) {
  const url = row.dataset.href;
  if (!panel()) { location.assign(url); return; }
  peeked = url;
  const body = document.getElementById("peek-body");
  body.classList.add("peek-busy");
  try {
    const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}peek`, { headers: { "X-Peek": "1" } });
    const html = await answer.text();
    if (peeked !== url) return;
    if (!answer.ok || answer.redirected || /<html/i.test(html)) { location.assign(url); return; }
    body.innerHTML = html;
    body.scrollTop = 0;
    window.htmx?.process(body);
    panel().hidden = false;
  } catch {
    location.assign(url);
  } finally {
    body.classList.remove("peek-busy");
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-peek-row]");
  if (button && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const row = button.closest("tr");
    rowsNow().forEach((one) => one.classList.toggle("row-here", one === row));
    peek(row);
  }
  if (event.target.closest("[data-peek-close]")) shutPeek();
});

// -- Choosing rows -----------------------------------------------------------------------------------------------------
const boxes = () => [...document.querySelectorAll("[data-list] input[name=pk]")];
let lastBox = null;
const tell = () => {
  const list = document.querySelector("[data-list]");
  const told = list?.querySelector("[data-chosen]");
  if (!told) return;
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  const every = list.querySelector("[data-choose-all]");
  if (every && count < all.length) every.checked = false;
  told.textContent = every?.checked ? every.closest("label").textContent.trim() : list.dataset.countWords.replace("{n}", String(count));
  const head = list.querySelector("[data-check-page]");
  if (head) { head.checked = count > 0 && count === all.length; head.indeterminate = count > 0 && count < all.length; }
};
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-list] input[name=pk]");
  if (box) {
    const all = boxes();
    if (event.shiftKey && lastBox?.isConnected) {
      const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((one, other) => one - other);
      all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    lastBox = box;
  }
  if (event.target.closest?.("[data-choose-none]")) boxes().forEach((one) => { one.checked = false; });
  if (box || event.target.closest?.("[data-choose-none]")) tell();
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-check-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches?.("[data-choose-all]") && event.target.checked) boxes().forEach((box) => { box.checked = true; });
  if (event.target.closest?.("[data-list]")) tell();
});
tell();

// -- Changing a cell ---------------------------------------------------------------------------------------------------
const leaveCell = async (form) => {
  const cell = form.closest("td");
  const answer = await fetch(form.dataset.still, { headers: { "HX-Request": "true" } });
  if (!answer.ok || !cell.isConnected) return;
  cell.innerHTML = await answer.text();
  window.htmx?.process(cell);
  cell.closest("tr").querySelector("a")?.focus({ preventScroll: true });
};
document.addEventListener("htmx:afterSettle", (event) => {
  const field = event.detail.target?.querySelector?.("[data-cell-form] :is(input:not([type=hidden]), select, textarea)");
  if (field && event.detail.target.matches("td")) { field.focus(); field.select?.(); }
  tell();
});
document.addEventListener("click", (event) => {
  const leave = event.target.closest?.("[data-cell-leave]");
  if (leave) leaveCell(leave.closest("form"));
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-cell-form]");
  if (form && event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leaveCell(form); }
}, true);
