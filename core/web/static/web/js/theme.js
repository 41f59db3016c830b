// Runs before the first paint: a visitor's chosen theme, and whether scripts run at all.
{
  const root = document.documentElement;
  root.classList.add("with-script");
  const kept = localStorage.getItem("theme");
  if (!root.dataset.theme && kept && kept !== "system") root.dataset.theme = kept;
}
// A page that is left before its transition ran has nothing to complain about.
for (const name of ["pageswap", "pagereveal"]) addEventListener(name, (event) => event.viewTransition?.ready.catch(() => {}));
