// Forms: the first field has the focus where there is a keyboard, after a mistake the first wrong one;  an edit page says that somebody is here.
const formFaults = document.querySelector("[data-faults]");
if (formFaults) {
  const first = document.querySelector(".form-wrong :is(input, select, textarea):not([type=hidden]), [aria-invalid=true]");
  if (first) { first.focus({ preventScroll: true }); first.scrollIntoView({ block: "center" }); }
} else if (document.activeElement === document.body && matchMedia("(hover: hover) and (pointer: fine)").matches) {
  document.querySelector("form[data-form] :is(input, select, textarea):not([type=hidden], [disabled])")?.focus({ preventScroll: true });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-faults] a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
});
const present = document.querySelector("form[data-presence]");
if (present) {
  const tell = (more) => fetch(present.dataset.presence, {
    method: "POST",
    keepalive: Boolean(more),
    headers: { "X-CSRFToken": present.elements.csrfmiddlewaretoken.value },
    body: new URLSearchParams({ version: present.dataset.version || "", ...more }),
  });
  const say = (words, key) => {
    const box = present.querySelector("[data-notices]");
    const known = box.querySelector(`[${key}]`);
    if (!words) { known?.remove(); return; }
    if (known) { if (known.textContent.trim() !== words) known.querySelector("p").textContent = words; return; }
    const notice = document.createElement("div");
    notice.className = "notice notice-warn";
    notice.setAttribute(key, "");
    const sentence = document.createElement("p");
    sentence.textContent = words;
    notice.append(sentence);
    box.append(notice);
  };
  const beat = async () => {
    if (document.hidden) return;
    try {
      const answer = await tell();
      if (!answer.ok || answer.redirected) return;
      const { words, changed } = await answer.json();
      say(words, "data-present");
      say(changed, "data-changed");
    } catch { /* offline */ }
  };
  setInterval(beat, 5000);
  document.addEventListener("visibilitychange", beat);
  addEventListener("pagehide", () => { tell({ leave: "1" }).catch(() => {}); });
}

// A chosen file is attached at once; a page without scripts has a button.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-attach]") && event.target.files.length) event.target.form.requestSubmit();
});
