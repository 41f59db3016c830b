// Carrying a card: with the mouse, by a long press of a finger (a short one still scrolls), or with Space and the arrow keys.
const board = () => document.querySelector("[data-board]");
const lanes = () => [...document.querySelectorAll("[data-board] [data-lane]")];
const nameOf = (card) => card.querySelector("h3")?.textContent.trim() ?? "";
const say = (name, words = {}) => {
  const sentence = board().dataset[name] || "";
  document.getElementById("announce").textContent = sentence.replace(/%(\w+)%/g, (whole, word) => words[word] ?? whole);
};
const LONG = 350;
const EDGE = 48;
let press = null;
let held = null;
let frame = 0;

const over = (lane) => {
  if (held.lane === lane) return;
  held.lane = lane;
  lanes().forEach((one) => one.classList.toggle("lane-over", one === lane && one !== held.home));
};
const lift = (card, by) => {
  held = { card, by, home: card.closest("[data-lane]"), lane: null, before: card.nextElementSibling };
  board().dataset.held = card.dataset.card;
  card.classList.add("deal-held");
  over(held.home);
  say("saidHeld", { card: nameOf(card), lane: held.home.dataset.title });
};
const release = () => {
  const { card, ghost } = held;
  ghost?.remove();
  card.classList.remove("deal-held");
  lanes().forEach((one) => one.classList.remove("lane-over"));
  document.documentElement.classList.remove("carrying");
  cancelAnimationFrame(frame);
  delete board().dataset.held;
  held = null;
};
const home = () => {
  if (held.card.parentElement !== held.home) held.home.insertBefore(held.card, held.before?.isConnected ? held.before : null);
};
const letGo = (lane) => {
  const { card, home: from, by } = held;
  home();
  release();
  if (lane && lane !== from) {
    say("saidDropped", { card: nameOf(card), lane: lane.dataset.title });
    document.dispatchEvent(new CustomEvent("satu:board-move", { detail: { card, lane } }));
  } else say("saidBack", { card: nameOf(card), lane: from.dataset.title });
  if (by === "key") card.querySelector("h3 a")?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("satu:board-let-go"));
};

// -- Mouse and finger --------------------------------------------------------------------------------------------------
const liftPressed = () => {
  const { card, x, y } = press;
  const box = card.getBoundingClientRect();
  getSelection()?.removeAllRanges();
  lift(card, "pointer");
  const ghost = card.cloneNode(true);
  ghost.querySelectorAll("form, .more").forEach((part) => part.remove());
  ghost.className = "deal deal-ghost";
  ghost.setAttribute("aria-hidden", "true");
  ghost.setAttribute("inert", "");
  ghost.style.width = `${box.width}px`;
  document.body.append(ghost);
  Object.assign(held, { ghost, dx: x - box.left, dy: y - box.top });
  document.documentElement.classList.add("carrying");
  follow(x, y);
  edge();
  if (press.touch) navigator.vibrate?.(12);
};
const follow = (x, y) => {
  Object.assign(held, { x, y });
  held.ghost.style.translate = `${x - held.dx}px ${y - held.dy}px`;
  over(document.elementFromPoint(x, y)?.closest?.("[data-board] [data-lane]") ?? null);
};
const edge = () => { // near an edge the board scrolls on
  if (!held?.ghost) return;
  const strip = board().querySelector(".board");
  const box = strip.getBoundingClientRect();
  const across = held.x > box.right - EDGE ? 1 : held.x < box.left + EDGE ? -1 : 0;
  const down = held.y > innerHeight - EDGE ? 1 : held.y < EDGE + 48 ? -1 : 0;
  if (across) strip.scrollLeft += across * 9;
  if (down) scrollBy(0, down * 9);
  if (across || down) follow(held.x, held.y);
  frame = requestAnimationFrame(edge);
};
const unpress = () => {
  if (!press) return;
  clearTimeout(press.timer);
  press = null;
  delete board().dataset.pressed;
  if (!held) document.dispatchEvent(new CustomEvent("satu:board-let-go"));
};
document.addEventListener("pointerdown", (event) => {
  if (held?.by === "key") letGo(null);
  const card = event.target.closest?.("[data-movable]");
  if (!card || event.button !== 0 || event.target.closest("button, form, input")) return;
  const touch = event.pointerType !== "mouse";
  unpress();
  press = { card, touch, x: event.clientX, y: event.clientY, id: event.pointerId };
  board().dataset.pressed = ""; // from now on nothing is drawn anew under the finger
  if (touch) press.timer = setTimeout(() => { if (press?.card.isConnected) liftPressed(); }, LONG);
});
document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  if (held?.ghost) return follow(event.clientX, event.clientY);
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (press.touch && far > 10) unpress();
  else if (!press.touch && far > 5 && press.card.isConnected) {
    liftPressed();
    follow(event.clientX, event.clientY);
  }
});
document.addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  unpress();
  if (!held?.ghost) return;
  const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
  follow(event.clientX, event.clientY);
  letGo(held.lane);
});
document.addEventListener("pointercancel", () => {
  unpress();
  if (held?.ghost) letGo(null);
});
if (board()) {
  document.addEventListener("touchmove", (event) => { if (held?.ghost && event.cancelable) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (press?.touch || held?.ghost) event.preventDefault(); });
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-card]")) event.preventDefault(); });
}

// -- Keyboard ----------------------------------------------------------------------------------------------------------
const step = (by) => {
  const all = lanes();
  const here = Math.max(0, all.indexOf(held.lane ?? held.home));
  const next = all[Math.min(all.length - 1, Math.max(0, by === -Infinity ? 0 : by === Infinity ? all.length - 1 : here + by))];
  over(next);
  if (next === held.home || next.hasAttribute("data-verb")) home();
  else next.querySelector("header").after(held.card);
  held.card.querySelector("h3 a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  say("saidOver", { lane: next.dataset.title, place: all.indexOf(next) + 1, places: all.length });
};
const walk = (card, key) => {
  const rows = (lane) => [...lane.querySelectorAll(":scope > [data-card]")];
  const lane = card.closest(".lane");
  const at = rows(lane).indexOf(card);
  let target = null;
  if (key === "ArrowUp" || key === "ArrowDown") target = rows(lane)[at + (key === "ArrowDown" ? 1 : -1)];
  else {
    const all = [...board().querySelectorAll(".lane")];
    for (let n = all.indexOf(lane) + (key === "ArrowRight" ? 1 : -1); all[n] && !target; n += key === "ArrowRight" ? 1 : -1) {
      target = rows(all[n])[Math.min(at, rows(all[n]).length - 1)];
    }
  }
  target?.querySelector("h3 a").focus();
  target?.scrollIntoView({ block: "nearest", inline: "nearest" });
};
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held?.ghost) { unpress(); return letGo(null); }
  const card = event.target.closest?.("[data-board] [data-card]");
  if (!card || !event.target.matches("h3 a") || event.ctrlKey || event.metaKey || event.altKey) return;
  const mine = () => { event.preventDefault(); event.stopImmediatePropagation(); };
  if (held?.by === "key") {
    if (event.key === " " || event.key === "Enter") { mine(); letGo(held.lane); }
    else if (event.key === "Escape" || event.key === "Tab") { if (event.key === "Escape") mine(); letGo(null); }
    else if (event.key in STEPS) { mine(); step(STEPS[event.key]); }
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") { mine(); say("saidOrder"); }
  } else if (event.key === " ") {
    mine();
    if (card.hasAttribute("data-movable")) lift(card, "key");
  } else if (event.key.startsWith("Arrow")) { mine(); walk(card, event.key); }
}, { capture: true });
