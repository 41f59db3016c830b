// The composer: @ finds colleagues while typing; a note that was kept leaves an empty field; blocked buttons say why when pressed.
const mentionAt = (field) => field.value.slice(0, field.selectionStart).match(/(^|[\s(])@([^\s@][^@\n]{0,30})?$/);
let mentionTurn = 0;
let mentionTimer = 0;
const mentionList = (field) => document.getElementById(field.getAttribute("aria-controls"));
const hideMentions = (field) => {
  mentionTurn += 1;
  const list = mentionList(field);
  if (list) list.hidden = true;
  field.removeAttribute("aria-activedescendant");
};
const markMention = (field, index) => {
  [...mentionList(field).querySelectorAll("[role=option]")].forEach((option, number) => {
    option.setAttribute("aria-selected", String(number === index));
    if (number === index) { field.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
  });
};
const showMentions = (field, people) => {
  const list = mentionList(field);
  list.replaceChildren(...people.map((person, number) => {
    const option = document.createElement("span");
    option.className = "option";
    option.id = `${list.id}-${number}`;
    option.setAttribute("role", "option");
    option.dataset.name = person.label;
    const name = document.createElement("span");
    name.textContent = person.label;
    option.append(name);
    if (person.note) { const note = document.createElement("small"); note.textContent = person.note; option.append(note); }
    return option;
  }));
  list.hidden = !people.length;
  if (people.length) {
    markMention(field, 0);
    document.getElementById("announce").textContent = `${people.length} ${field.dataset.found}`;
  } else field.removeAttribute("aria-activedescendant");
};
const findMentions = async (field) => {
  const found = mentionAt(field);
  if (!found) { hideMentions(field); return; }
  const mine = ++mentionTurn;
  const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(found[2] || "")}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected || mine !== mentionTurn || document.activeElement !== field) return;
  showMentions(field, (await answer.json()).results.slice(0, 6));
};
const takeMention = (field, option) => {
  const found = mentionAt(field);
  if (!found || !option) return;
  const before = field.value.slice(0, field.selectionStart - (found[2] || "").length - 1);
  const after = field.value.slice(field.selectionStart);
  field.value = `${before}@${option.dataset.name} ${after}`;
  const caret = before.length + option.dataset.name.length + 2;
  field.setSelectionRange(caret, caret);
  hideMentions(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (!field) return;
  clearTimeout(mentionTimer);
  mentionTimer = setTimeout(() => findMentions(field), 120);
});
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (!field) return;
  const list = mentionList(field);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); field.form.requestSubmit(); return; }
  if (list.hidden) return;
  const options = [...list.querySelectorAll("[role=option]")];
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    markMention(field, (here + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
  } else if (event.key === "Enter" || event.key === "Tab") {
    event.preventDefault();
    takeMention(field, options[here]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    hideMentions(field);
  }
}, true);
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".composer [role=option]");
  const field = option?.closest("form").querySelector("[data-mentions]");
  if (field) { event.preventDefault(); takeMention(field, option); }
});
document.addEventListener("focusout", (event) => { if (event.target.matches?.("[data-mentions]")) hideMentions(event.target); });
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("[data-composer]");
  if (!form || event.detail.elt !== form || !event.detail.successful) return;
  form.reset();
  form.dispatchEvent(new CustomEvent("satu:sent", { bubbles: true }));
});
document.addEventListener("click", (event) => {
  const blocked = event.target.closest?.("[data-blocked]");
  document.querySelectorAll(".verb-asked").forEach((one) => { if (!one.contains(blocked)) one.classList.remove("verb-asked"); });
  if (!blocked) return;
  const box = blocked.closest(".verb-blocked");
  box?.classList.toggle("verb-asked");
  document.getElementById("announce").textContent = (box?.querySelector(".hint") || blocked.querySelector("small"))?.textContent || "";
});
