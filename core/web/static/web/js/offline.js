// No connection: a notice, and forms stay as they are until the server answers again.
const offlineNotice = document.getElementById("offline");
if (offlineNotice) {
  const words = document.getElementById("words").dataset;
  let away = false;
  let timer = 0;
  const announce = (text) => { document.getElementById("announce").textContent = text; };
  const shown = (state) => {
    if (away === state) return;
    away = state;
    offlineNotice.hidden = !state;
    clearInterval(timer);
    if (state) timer = setInterval(ask, 5000);
    else announce(words.backOnline);
  };
  const ask = async () => {
    try {
      await fetch(offlineNotice.dataset.ask, { method: "HEAD", cache: "no-store" });
      shown(false);
    } catch { shown(true); }
    return !away;
  };
  addEventListener("offline", () => shown(true));
  addEventListener("online", ask);
  document.addEventListener("satu:offline", ask);
  document.addEventListener("htmx:sendError", ask);
  document.addEventListener("click", (event) => event.target.closest("[data-offline-retry]") && ask());
  document.addEventListener("submit", async (event) => {
    if (!away || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    if (await ask()) target.requestSubmit(submitter);
    else announce(words.notSent);
  }, true);
  if (!navigator.onLine) shown(true);
}
