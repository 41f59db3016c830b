// The side bar shows where one is, however long it has become, and what waits: known from before at once, asked anew after.
// What is folded stays folded: the server reads it from a cookie, so nothing jumps. On a phone it is a sheet that holds the focus.
document.querySelector(".menu-list [aria-current]")?.scrollIntoView({ block: "nearest" });
const sideBar = document.getElementById("side");
const showCounts = (counts) => {
  document.querySelectorAll("[data-count]").forEach((place) => {
    const count = counts[place.dataset.count];
    if (count === undefined) return;
    place.textContent = place.matches(".bell-count") && count > 99 ? "99+" : String(count);
    place.hidden = !count;
  });
  document.querySelectorAll("[data-sum]").forEach((place) => {
    const inside = [...place.closest("details").querySelectorAll("[data-count]")];
    const sum = inside.reduce((total, one) => total + (counts[one.dataset.count] || 0), 0);
    place.textContent = String(sum);
    place.hidden = !sum;
    place.classList.toggle("count-hot", inside.some((one) => one.matches(".count-hot") && counts[one.dataset.count]));
  });
};
const askCounts = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(sideBar.dataset.counters, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    const counts = await answer.json();
    sessionStorage.setItem("counts", JSON.stringify(counts));
    showCounts(counts);
  } catch { document.dispatchEvent(new CustomEvent("satu:offline")); }
};
const foldCookie = () => document.cookie.split("; ").find((part) => part.startsWith("side="))?.slice(5);
document.addEventListener("click", (event) => {
  const fold = event.target.closest("[data-fold] > summary")?.parentElement;
  if (!fold) return;
  const open = new Set([...document.querySelectorAll("[data-fold][open]")].map((one) => one.dataset.fold));
  if (foldCookie() !== undefined) foldCookie().split(".").filter(Boolean).forEach((key) => document.querySelector(`[data-fold="${CSS.escape(key)}"]`) || open.add(key));
  if (fold.open) open.delete(fold.dataset.fold); else open.add(fold.dataset.fold);
  document.cookie = `side=${[...open].join(".")}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
});
if (sideBar?.dataset.counters) {
  showCounts(JSON.parse(sessionStorage.getItem("counts") || "{}"));
  askCounts();
  setInterval(askCounts, 20000);
  document.addEventListener("satu:count", askCounts);
  sideBar.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    [...document.body.children].forEach((one) => { if (one !== sideBar) one.inert = open; });
    if (open) (sideBar.querySelector("[aria-current]") || sideBar.querySelector(".finder")).focus();
    else document.querySelector(".top [popovertarget=side]")?.focus();
  });
  // A swipe to the left puts the sheet away.
  let touched = 0;
  sideBar.addEventListener("touchstart", (event) => { touched = event.touches[0].clientX; }, { passive: true });
  sideBar.addEventListener("touchend", (event) => {
    if (touched - event.changedTouches[0].clientX > 60 && sideBar.matches(":popover-open")) sideBar.hidePopover();
  }, { passive: true });
}
