// The side bar shows where one is, however long it has become, and what waits: known from before at once, asked anew after.
document.querySelector(".menu-list [aria-current]")?.scrollIntoView({ block: "nearest" });
const sideBar = document.getElementById("side");
const showCounts = (counts) => {
  for (const [name, count] of Object.entries(counts)) {
    const place = document.querySelector(`[data-count="${CSS.escape(name)}"]`);
    if (!place) continue;
    place.textContent = String(count);
    place.hidden = !count;
  }
};
const askCounts = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(sideBar.dataset.counters, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const counts = await answer.json();
    sessionStorage.setItem("counts", JSON.stringify(counts));
    showCounts(counts);
  } catch { /* offline: keep what was known */ }
};
if (sideBar?.dataset.counters) {
  showCounts(JSON.parse(sessionStorage.getItem("counts") || "{}"));
  askCounts();
  setInterval(askCounts, 20000);
}
