// Runs before the first paint: a visitor's chosen theme, and whether scripts run at all.
{
  const root = document.documentElement;
  root.classList.add("with-script");
  const kept = localStorage.getItem("theme");
  if (!root.dataset.theme && kept && kept !== "system") root.dataset.theme = kept;
}
// A page that is left, or slow to come, before its transition ran has nothing to complain about.
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof DOMException && /transition/i.test(event.reason.message)) event.preventDefault();
});
