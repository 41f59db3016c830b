// Messages: closable, and gone by themselves unless they tell of a refusal.
const fade = (toast) => {
  if (toast.classList.contains("toast-error")) return;
  setTimeout(() => toast.remove(), 6000);
};
document.querySelectorAll("[data-toast]").forEach(fade);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "toasts") event.detail.target.querySelectorAll("[data-toast]").forEach(fade);
});
document.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove());
const toastText = (text) => {
  const toast = document.createElement("div");
  toast.className = "toast toast-error";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), 8000);
};
let leaving = false;
addEventListener("beforeunload", () => { leaving = true; });
document.addEventListener("htmx:sendError", () => leaving || toastText(document.getElementById("words").dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) toastText(document.getElementById("words").dataset.broken);
});
