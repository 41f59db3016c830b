// Reports: a group folds its rows away and leaves its sum; what is folded is printed all the same.
document.addEventListener("click", (event) => {
  const fold = event.target.closest(".report-fold");
  if (!fold) return;
  const open = fold.getAttribute("aria-expanded") === "true";
  fold.setAttribute("aria-expanded", String(!open));
  fold.closest("tbody").classList.toggle("report-folded", open);
});
