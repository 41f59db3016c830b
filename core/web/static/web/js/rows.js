// Rows: a click opens, j and k walk, Enter opens, space and modifiers stay the browser's.
const opens = (event) => event.target.closest("a, button, input, select, textarea, label, summary") === null;
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || !opens(event) || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank");
  else location.assign(row.dataset.href);
});
const rowsNow = () => [...document.querySelectorAll("tr[data-href]")];
const walk = (step) => {
  const rows = rowsNow();
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("row-here"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, here === -1 ? (step > 0 ? 0 : rows.length - 1) : here + step))];
  rows.forEach((row) => row.classList.toggle("row-here", row === next));
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a")?.focus({ preventScroll: true });
};
document.addEventListener("satu:walk", (event) => walk(event.detail));
