// The board: a card moves at once and goes back when the server refuses or cannot be reached. The server's lanes are shown when
// nothing is under way and no card is held, so that none is pulled from under a hand. carry.js says what is held and dropped.
const board = () => document.querySelector("[data-board]");
const laneOf = (key) => document.querySelector(`[data-lane="${CSS.escape(key)}"]`);
const titleOf = (lane) => lane?.dataset.title ?? "";
const nameOf = (card) => card.querySelector("h3")?.textContent.trim() ?? "";
const say = (name, words = {}) => {
  const sentence = board().dataset[name] || "";
  document.getElementById("announce").textContent = sentence.replace(/%(\w+)%/g, (whole, word) => words[word] ?? whole);
};
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
const toast = (html) => document.getElementById("toasts").insertAdjacentHTML("beforeend", html);
const warn = (words) => {
  const box = document.createElement("div");
  box.className = "toast toast-error";
  box.dataset.toast = "";
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 8000);
};

let moves = Promise.resolve();
let underway = 0;
let turn = 0;
let fresh = null;
let seen = "";
let asked = null;
const origins = new Map(); // where the server knows each card that is under way
const inHand = () => board().matches("[data-held], [data-pressed]");
const busy = () => underway > 0 || inHand() || board().querySelector("[data-quick-form], :popover-open")
  || document.querySelector("dialog[open]");
const settle = () => {
  if (!fresh || !board() || underway || inHand() || asked) return;
  const html = fresh;
  fresh = null;
  origins.clear();
  show(html);
};
function show(html) {
  const here = document.activeElement?.closest?.("[data-card]");
  const part = document.activeElement?.matches?.(".more") ? ".more" : "h3 a";
  const strip = board().querySelector(".board");
  const across = strip ? strip.scrollLeft : 0;
  board().innerHTML = html;
  window.htmx?.process(board());
  board().querySelector(".board").scrollLeft = across;
  if (here) board().querySelector(`[data-card="${CSS.escape(here.dataset.card)}"] ${part}`)?.focus({ preventScroll: true });
}
const count = (lane, step) => {
  const figure = lane?.querySelector("[data-count]");
  if (figure && /^\d+$/.test(figure.textContent)) figure.textContent = Math.max(0, Number(figure.textContent) + step);
};
const put = (card, lane, before = null) => {
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  count(card.closest("[data-lane]"), -1);
  count(lane, 1);
  if (before?.isConnected && before.parentElement === lane) lane.insertBefore(card, before);
  else lane.querySelector("header").after(card);
  focused?.focus({ preventScroll: true });
};
document.addEventListener("satu:board-move", (event) => move(event.detail.card, event.detail.lane));
document.addEventListener("satu:board-let-go", settle);
document.addEventListener("submit", (event) => {
  const form = event.target;
  const card = form.closest("[data-card]");
  if (card && event.submitter?.name === "lane") {
    event.preventDefault();
    form.hidePopover?.();
    card.querySelector(".more")?.focus();
    move(card, laneOf(event.submitter.value));
  }
  if (form.matches("[data-ask]") && board()) {
    event.preventDefault();
    answer(form);
  }
  if (form.matches("[data-quick-form]") && board()) {
    event.preventDefault();
    create(form);
  }
});
function move(card, lane) {
  if (!lane || lane === card.closest("[data-lane]")) return;
  const id = card.dataset.card;
  const home = card.closest("[data-lane]");
  if (!origins.has(id)) origins.set(id, { lane: home.dataset.lane, before: card.nextElementSibling });
  const asks = lane.hasAttribute("data-verb");
  if (!asks) put(card, lane);
  card.classList.add("deal-moving");
  card.dataset.move = String((turn += 1));
  underway += 1;
  const mine = card.dataset.move;
  moves = moves.then(() => send(card, id, lane.dataset.lane, mine)).finally(() => { underway -= 1; settle(); });
}
const post = (address, body) => fetch(address + location.search, {
  method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token() }, body,
});
async function send(card, id, key, mine) {
  const latest = () => card.dataset.move === mine;
  const back = () => {
    if (!latest()) return; // it was carried on meanwhile: that move decides
    const origin = origins.get(id);
    card.classList.remove("deal-moving");
    const lane = origin && laneOf(origin.lane);
    if (lane && card.isConnected && card.closest("[data-lane]") !== lane) put(card, lane, origin.before);
    say("saidBack", { card: nameOf(card), lane: titleOf(lane) });
  };
  try {
    const reply = await post(board().dataset.move, new URLSearchParams({ card: id, lane: key }));
    if (reply.redirected) return location.reload();
    const html = await reply.text();
    if (reply.headers.get("X-Ask")) return ask(html, card);
    if (reply.ok) {
      took(reply, html);
      if (latest()) card.classList.remove("deal-moving");
      origins.set(id, { lane: key, before: null });
      return say("saidMoved", { card: nameOf(card), lane: titleOf(laneOf(key)) });
    }
    back();
    if (reply.status < 500) toast(html); else warn(board().dataset.saidBroken);
  } catch {
    back();
    warn(board().dataset.saidOffline);
  }
}
const took = (reply, html) => { seen = reply.headers.get("ETag") || ""; fresh = html; };
// A lane whose verb wants to know more asks in the dialog; the card stays where it is until it is answered.
function ask(html, card) {
  asked = card;
  const dialog = document.getElementById("dialog");
  dialog.innerHTML = html;
  window.htmx?.process(dialog);
  if (!dialog.open) dialog.showModal();
  const first = dialog.querySelector(".form-wrong :is(input, select, textarea), :is(input, select, textarea):not([type=hidden])");
  (first || dialog.querySelector(".btn-submit"))?.focus();
}
const unasked = () => {
  if (!asked) return;
  const card = asked;
  asked = null;
  card.classList.remove("deal-moving");
  say("saidBack", { card: nameOf(card), lane: titleOf(card.closest("[data-lane]")) });
  card.querySelector("h3 a")?.focus({ preventScroll: true });
  settle();
};
document.getElementById("dialog")?.addEventListener("close", unasked);
async function answer(form) {
  const dialog = document.getElementById("dialog");
  const button = form.querySelector(".btn-submit");
  button.disabled = true;
  try {
    const reply = await post(form.action.replace(/\?.*$/, ""), new FormData(form));
    const html = await reply.text();
    if (reply.headers.get("X-Ask")) return ask(html, asked);
    if (!reply.ok) return reply.status < 500 ? toast(html) : warn(board().dataset.saidBroken);
    const name = asked ? nameOf(asked) : "";
    const lane = titleOf(laneOf(form.elements.lane.value));
    asked = null;
    dialog.close();
    took(reply, html);
    settle();
    say("saidMoved", { card: name, lane });
  } catch {
    warn(board().dataset.saidOffline);
  } finally {
    button.disabled = false;
  }
}
// Making a card in a lane. What was typed stays until the server took it.
document.addEventListener("click", (event) => {
  const plus = event.target.closest("[data-quick]");
  const pattern = document.getElementById("board-quick");
  if (plus && pattern && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const lane = plus.closest("[data-lane]");
    const there = board().querySelector("[data-quick-form]");
    const form = there || pattern.content.firstElementChild.cloneNode(true);
    form.elements.lane.value = lane.dataset.lane;
    lane.querySelector("header").after(form);
    form.querySelector("input:not([type=hidden])").focus();
  }
  if (event.target.closest("[data-quick-close]")) closeQuick(event.target.closest("[data-quick-form]"));
});
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("[data-quick-form]");
  if (form && !event.defaultPrevented && event.target.getAttribute("aria-expanded") !== "true") closeQuick(form);
});
const closeQuick = (form) => {
  const plus = form.closest("[data-lane]").querySelector("[data-quick]");
  form.remove();
  plus?.focus();
  settle();
};
async function create(form) {
  const button = form.querySelector("[type=submit]");
  const key = form.elements.lane.value;
  button.disabled = true;
  try {
    const reply = await post(form.getAttribute("action"), new FormData(form));
    const html = await reply.text();
    if (reply.status === 201) {
      form.remove();
      took(reply, html);
      settle();
      laneOf(key)?.querySelector("[data-quick]")?.focus();
    } else if (reply.status === 422) {
      const box = document.createElement("template");
      box.innerHTML = html;
      const wrong = box.content.firstElementChild;
      form.replaceWith(wrong);
      (wrong.querySelector(".form-wrong input:not([type=hidden])") || wrong.querySelector("input:not([type=hidden])")).focus();
    } else warn(board().dataset.saidBroken);
  } catch {
    warn(board().dataset.saidOffline);
  } finally {
    button.disabled = false;
  }
}
// News: what somebody else moved shows within five seconds while the page is visible, never while a card is held.
const words = (part) => part.textContent.replace(/\s+/g, " ").trim();
const parsed = (html) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
};
let looking = false;
async function look() {
  if (looking || !board() || document.hidden || busy()) return;
  looking = true;
  const began = turn;
  try {
    const headers = { "X-News": "1", ...(seen ? { "If-None-Match": seen } : {}) };
    const reply = await fetch(location.pathname + location.search, { headers, cache: "no-store" });
    if (reply.status !== 200 || reply.redirected) return;
    const html = await reply.text();
    if (began !== turn || busy() || fresh) return;
    seen = reply.headers.get("ETag") || "";
    if (words(parsed(html)) !== words(board())) show(html);
  } catch { /* offline: look again later */ } finally { looking = false; }
}
if (board()) {
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== board()) return;
    if (inHand()) event.detail.shouldSwap = false;
    turn += 1;
    seen = "";
  });
  setTimeout(look, 1500);
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}
