// The one dialog verbs ask in, and everything that opens or closes another.
const verbDialog = () => document.getElementById("dialog");
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = verbDialog();
  if (event.detail.target !== dialog || !dialog.innerHTML.trim()) return;
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector(".form-wrong :is(input, select, textarea)")
    || dialog.querySelector(":is(input, select, textarea):not([type=hidden]):not([disabled])");
  document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
  (first || dialog.querySelector(".btn-submit"))?.focus();
});
document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-dialog-close]");
  if (closer && closer.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  if (event.target.tagName === "DIALOG" && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  if (event.target.closest("[data-back]")) history.back();
  if (event.target.closest("[data-print]")) print();
});
