// The lookup combobox: type, arrow, Enter. Choosing fills the other fields of the same line.
const lookupState = new WeakMap();
const parts = (box) => ({
  hidden: box.querySelector("input[type=hidden]"),
  field: box.querySelector("[role=combobox]"),
  list: box.querySelector("[role=listbox]"),
});
const shut = (box) => {
  const { field, list } = parts(box);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
};
const mark = (box, index) => {
  const { field, list } = parts(box);
  [...list.querySelectorAll("[role=option]")].forEach((option, number) => {
    option.setAttribute("aria-selected", String(number === index));
    if (number === index) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  });
};
const text = (tag, className, words) => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
};
const show = (box, results) => {
  const { field, list } = parts(box);
  lookupState.set(box, { ...lookupState.get(box), results });
  list.replaceChildren();
  results.forEach((result, number) => {
    const option = document.createElement("span");
    option.className = "option";
    option.id = `${list.id}_${number}`;
    option.setAttribute("role", "option");
    option.dataset.number = number;
    option.append(text("span", "", result.label));
    if (result.hint) option.append(text("span", "option-hint", result.hint));
    if (result.note) option.append(text("small", "", result.note));
    list.append(option);
  });
  if (!results.length) {
    const none = text("span", "option-none", box.dataset.none || "");
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    list.append(none);
  }
  list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  mark(box, results.length ? 0 : -1);
};
const look = async (box) => {
  const { field } = parts(box);
  const state = lookupState.get(box) || { turn: 0 };
  state.turn += 1;
  lookupState.set(box, state);
  const turn = state.turn;
  const answer = await fetch(`${box.dataset.lookup}?q=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || lookupState.get(box).turn !== turn || document.activeElement !== field) return;
  show(box, (await answer.json()).results);
};
const fill = (box, values) => {
  const { hidden } = parts(box);
  const prefix = hidden.name.slice(0, hidden.name.lastIndexOf("-") + 1);
  for (const [name, value] of Object.entries(values)) {
    const field = hidden.form?.elements[`${prefix}${name}`];
    if (field && "value" in field && field.type !== "hidden") field.value = value;
  }
};
const take = (box, number) => {
  const { hidden, field } = parts(box);
  const result = lookupState.get(box)?.results?.[number];
  if (!result) return;
  hidden.value = result.value;
  field.value = result.label;
  fill(box, result.fill || {});
  shut(box);
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
};
const boxOf = (event) => event.target.closest?.("[data-lookup]");
document.addEventListener("input", (event) => {
  const box = boxOf(event);
  if (!box || event.target.getAttribute("role") !== "combobox") return;
  parts(box).hidden.value = "";
  clearTimeout(lookupState.get(box)?.timer);
  lookupState.set(box, { turn: 0, ...lookupState.get(box), timer: setTimeout(() => look(box), 140) });
});
document.addEventListener("keydown", (event) => {
  const box = boxOf(event);
  if (!box || event.target.getAttribute("role") !== "combobox") return;
  const { list } = parts(box);
  const options = [...list.querySelectorAll("[role=option][data-number]")];
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) look(box);
    else if (options.length) mark(box, (here + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    take(box, here);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    shut(box);
  } else if (event.key === "Tab" && !list.hidden && here >= 0 && !parts(box).hidden.value && parts(box).field.value) take(box, here);
}, true);
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[role=option][data-number]");
  const box = boxOf(event);
  if (option && box) { event.preventDefault(); take(box, Number(option.dataset.number)); parts(box).field.focus(); }
});
document.addEventListener("focusin", (event) => {
  document.querySelectorAll("[data-lookup]").forEach((box) => { if (!box.contains(event.target)) shut(box); });
});
