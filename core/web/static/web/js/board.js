// The board: dragging for the mouse, the card's menu for keyboard and touch. A refused move goes back to its lane.
let heldCard = null;
const board = () => document.querySelector("[data-board]");
const lanes = () => document.querySelectorAll("[data-lane]");
document.addEventListener("dragstart", (event) => {
  heldCard = event.target.closest?.("[data-card]");
  if (!heldCard) return;
  heldCard.classList.add("deal-held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", heldCard.dataset.card);
});
document.addEventListener("dragend", () => {
  heldCard?.classList.remove("deal-held");
  lanes().forEach((lane) => lane.classList.remove("lane-over"));
  heldCard = null;
  settle();
});
document.addEventListener("dragover", (event) => {
  const lane = event.target.closest?.("[data-lane]");
  if (!heldCard || !lane) return;
  event.preventDefault();
  lanes().forEach((one) => one.classList.toggle("lane-over", one === lane));
});
document.addEventListener("drop", (event) => {
  const lane = event.target.closest?.("[data-lane]");
  if (!heldCard || !lane) return;
  event.preventDefault();
  move(heldCard, lane);
});
document.addEventListener("submit", (event) => {
  const chosen = event.submitter;
  const card = event.target.closest?.("[data-card]");
  if (!card || chosen?.name !== "lane" || !window.htmx) return;
  event.preventDefault();
  event.target.hidePopover?.();
  move(card, document.querySelector(`[data-lane="${CSS.escape(chosen.value)}"]`), true);
});
// The server's board is shown when no move is under way and no card is held: it must not be pulled from under a hand.
let moves = Promise.resolve();
let underway = 0;
let fresh = null;
function settle() {
  if (!fresh || underway || heldCard) return;
  const show = fresh;
  fresh = null;
  show();
}
function move(card, lane, byKey = false) {
  const home = card.parentElement;
  const after = card.nextElementSibling;
  if (!lane || lane === home) return;
  lane.querySelector("header").after(card);
  underway += 1;
  moves = moves.then(() => send(card, lane, home, after, byKey)).finally(() => { underway -= 1; settle(); });
}
async function send(card, lane, home, after, byKey) {
  const name = lane.querySelector("h2").textContent;
  const id = card.dataset.card;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const putBack = () => { if (card.isConnected && home.isConnected) home.insertBefore(card, after?.isConnected ? after : null); };
  try {
    const answer = await fetch(board().dataset.move + location.search, {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": token },
      body: new URLSearchParams({ card: id, lane: lane.dataset.lane }),
    });
    const html = await answer.text();
    if (answer.ok) {
      document.getElementById("announce").textContent = name;
      fresh = () => {
        board().innerHTML = html;
        window.htmx?.process(board());
        if (byKey) document.querySelector(`[data-card="${CSS.escape(id)}"] .more`)?.focus();
      };
      return;
    }
    putBack();
    if (answer.status < 500) document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
  } catch {
    putBack();
  }
}
