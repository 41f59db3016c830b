// The palette: a combobox over records, pages, things to make, verbs of the record at hand and commands. Recent records stay in this browser.
const palette = document.getElementById("palette");
const recentKey = `recent:${document.body.dataset.person || ""}`;
const recents = () => { try { return JSON.parse(localStorage.getItem(recentKey) || "[]"); } catch { return []; } };
if (document.body.dataset.about && document.body.dataset.person) {
  const about = document.body.dataset.about;
  const crumbs = [...document.querySelectorAll(".crumbs > :is(a, span)")].map((one) => one.textContent.trim());
  const seen = { about, label: crumbs.at(-1) || document.title, note: crumbs.at(-2) || "", url: location.pathname };
  localStorage.setItem(recentKey, JSON.stringify([seen, ...recents().filter((one) => one.about !== about)].slice(0, 10)));
}
document.addEventListener("submit", (event) => { if (event.target.matches("[data-sign-out]")) localStorage.removeItem(recentKey); });
if (palette) {
  const field = document.getElementById("palette-input");
  const list = document.getElementById("palette-list");
  let asked = 0;
  let timer = 0;
  let stop = null;
  let pending = false;
  let enterWaits = false;
  const items = () => [...list.querySelectorAll("[role=option]")];
  const choose = (index) => {
    const all = items();
    all.forEach((item, number) => item.setAttribute("aria-selected", String(number === index)));
    const chosen = all[index];
    if (chosen) {
      field.setAttribute("aria-activedescendant", chosen.id);
      if (index === 0) list.scrollTop = 0; else chosen.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };
  const chosenIndex = () => items().findIndex((item) => item.getAttribute("aria-selected") === "true");
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const recentGroup = () => {
    const some = recents().filter((one) => one.url !== location.pathname).slice(0, 5);
    if (!some.length) return null;
    const box = make("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", list.dataset.recent);
    const title = make("div", "palette-group", list.dataset.recent);
    title.setAttribute("aria-hidden", "true");
    box.append(title);
    for (const one of some) {
      const option = make("a", "palette-item");
      option.href = one.url;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
      option.append(make("span", "", one.label), make("small", "", one.note));
      box.append(option);
    }
    return box;
  };
  const draw = (html) => {
    list.innerHTML = html;
    if (!field.value.trim()) {
      const box = recentGroup();
      const first = list.querySelector("[role=group]");
      if (box) { if (document.body.dataset.about && first) first.after(box); else list.prepend(box); }
    }
    if (!list.querySelector("[role=option]")) list.append(make("p", "palette-none", list.dataset.empty));
    items().forEach((item, number) => { item.id = `palette-${number}`; });
    choose(0);
    pending = false;
    if (enterWaits) { enterWaits = false; items()[0]?.click(); }
  };
  const ask = async () => {
    const mine = ++asked;
    stop?.abort();
    stop = new AbortController();
    const query = new URLSearchParams({ q: field.value });
    if (document.body.dataset.about) query.set("about", document.body.dataset.about);
    try {
      const answer = await fetch(`${document.body.dataset.palette}?${query}`, { headers: { Accept: "text/html" }, signal: stop.signal });
      if (answer.redirected) { location.reload(); return; }
      if (answer.ok && mine === asked) draw(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError" && mine === asked) list.replaceChildren(make("p", "palette-none", list.dataset.offline));
    }
  };
  const open = () => {
    if (palette.open) { palette.close(); return; }
    document.getElementById("side")?.matches(":popover-open") && document.getElementById("side").hidePopover();
    document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
    palette.showModal();
    field.value = "";
    field.focus();
    ask();
  };
  const commands = {
    theme: (code) => document.dispatchEvent(new CustomEvent("satu:theme", { detail: code })),
    language: (code) => document.querySelector(`#me button[name=language][value="${CSS.escape(code)}"]`)?.click(),
    keys: () => document.dispatchEvent(new CustomEvent("satu:keys")),
    "sign-out": () => document.querySelector("[data-sign-out]")?.requestSubmit(),
    "read-all": (code, item) => fetch(item.href.replace(/\/?$/, "/read-all/"), { method: "POST", headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"], Accept: "application/json" } }).then(() => document.dispatchEvent(new CustomEvent("satu:count"))),
    copy: () => navigator.clipboard?.writeText(location.href).then(() => { document.getElementById("announce").textContent = document.getElementById("words").dataset.copied; }),
    verb: (code, item) => { if (window.htmx) window.htmx.ajax("GET", item.getAttribute("href"), { target: "#dialog", swap: "innerHTML" }); else location.assign(item.href); },
  };
  document.addEventListener("satu:palette", open);
  document.addEventListener("click", (event) => event.target.closest("[data-palette-open]") && open());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (!item) return;
    if (item.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    palette.close();
    const [what, code] = (item.dataset.do || "").split(":");
    if (commands[what]) { event.preventDefault(); commands[what](code, item); }
  });
  list.addEventListener("pointermove", (event) => {
    const index = items().indexOf(event.target.closest("[role=option]"));
    if (index >= 0 && index !== chosenIndex()) items().forEach((item, number) => { item.setAttribute("aria-selected", String(number === index)); if (number === index) field.setAttribute("aria-activedescendant", item.id); });
  });
  field.addEventListener("input", () => { clearTimeout(timer); asked += 1; stop?.abort(); pending = true; enterWaits = false; timer = setTimeout(ask, 70); });
  field.addEventListener("keydown", (event) => {
    const count = items().length;
    const here = chosenIndex();
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: Math.min(here + 6, count - 1), PageUp: Math.max(here - 6, 0) }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (count) choose((to + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (pending) { enterWaits = true; return; }
      const item = items()[here];
      if (!item) return;
      if ((event.ctrlKey || event.metaKey) && !item.dataset.do) window.open(item.href, "_blank", "noopener");
      else item.click();
    }
  });
}
