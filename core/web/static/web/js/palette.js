// The palette: a combobox over pages, things to make and records.
const palette = document.getElementById("palette");
if (palette) {
  const field = document.getElementById("palette-input");
  const list = document.getElementById("palette-list");
  let asked = 0;
  let timer = 0;
  const items = () => [...list.querySelectorAll("[role=option]")];
  const choose = (index) => {
    const all = items();
    all.forEach((item, number) => item.setAttribute("aria-selected", String(number === index)));
    const chosen = all[index];
    if (chosen) { field.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  };
  const chosenIndex = () => items().findIndex((item) => item.getAttribute("aria-selected") === "true");
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const draw = (groups) => {
    list.replaceChildren();
    let number = 0;
    for (const group of groups) {
      const box = make("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.label);
      const title = make("div", "palette-group", group.label);
      title.setAttribute("aria-hidden", "true");
      box.append(title);
      for (const item of group.items) {
        const option = make("a", "palette-item");
        option.href = item.url;
        option.id = `palette-${number++}`;
        option.setAttribute("role", "option");
        option.tabIndex = -1;
        option.append(make("span", "", item.label));
        if (item.note) option.append(make("small", "", item.note));
        if (item.key) option.append(make("kbd", "", item.key));
        box.append(option);
      }
      list.append(box);
    }
    if (!number) list.append(make("p", "palette-none", list.dataset.empty));
    choose(0);
  };
  const ask = async () => {
    const mine = ++asked;
    const answer = await fetch(`${document.body.dataset.palette}?q=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && mine === asked) draw((await answer.json()).groups);
  };
  const open = () => {
    if (palette.open) { palette.close(); return; }
    document.getElementById("side")?.matches(":popover-open") && document.getElementById("side").hidePopover();
    palette.showModal();
    field.value = "";
    field.focus();
    ask();
  };
  document.addEventListener("satu:palette", open);
  document.addEventListener("click", (event) => event.target.closest("[data-palette-open]") && open());
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const count = items().length;
      if (count) choose((chosenIndex() + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      items()[chosenIndex()]?.click();
    }
  });
}
