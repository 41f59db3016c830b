// Light, dark or as the device: switched at once, kept in the browser and with the person.
const setTheme = (theme) => {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  document.querySelectorAll("[data-theme-set]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme)));
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  fetch(document.body.dataset.preferences, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
    body: new URLSearchParams({ theme }),
  }).catch(() => {});
};
document.addEventListener("satu:theme", (event) => setTheme(event.detail));
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-theme-set]");
  if (chosen) { event.preventDefault(); setTheme(chosen.dataset.themeSet); return; }
  if (!event.target.closest("[data-theme-toggle]")) return;
  const kept = document.documentElement.dataset.theme;
  const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
});
