// Days are typed as people write them; the button, and Alt+Down, open the browser's own calendar, at the day that stands there, and writes what was chosen.
const twoDigits = (number) => String(number).padStart(2, "0");
const dayOf = (text, monthsFirst) => {
  const plain = text.trim().match(/^(\d{4})-(\d{1,2})-(\d{1,2})/);
  const written = text.trim().match(/^(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4}|\d{2})/);
  if (!plain && !written) return "";
  const [year, month, day] = plain ? plain.slice(1) : monthsFirst ? [written[3], written[1], written[2]] : [written[3], written[2], written[1]];
  return `${year.length === 2 ? `20${year}` : year}-${twoDigits(month)}-${twoDigits(day)}`;
};
const timeOf = (text) => {
  const found = text.match(/[\sT](\d{1,2})[.:](\d{2})$/);
  return found ? `${twoDigits(found[1])}:${found[2]}` : "09:00";
};
const inWords = (plain, monthsFirst) => {
  const [day, time] = plain.split("T");
  const [year, month, date] = day.split("-");
  return [monthsFirst ? `${month}/${date}/${year}` : `${date}/${month}/${year}`, time].filter(Boolean).join(" ");
};
const openCalendar = (place) => {
  const field = place.querySelector("input");
  const monthsFirst = place.dataset.first === "month";
  const calendar = document.createElement("input");
  calendar.type = place.dataset.day;
  calendar.className = "day-calendar";
  calendar.tabIndex = -1;
  calendar.setAttribute("aria-hidden", "true");
  const day = dayOf(field.value, monthsFirst);
  if (day) calendar.value = place.dataset.day === "date" ? day : `${day}T${timeOf(field.value)}`;
  place.querySelector(".day-calendar")?.remove();
  place.append(calendar);
  calendar.addEventListener("input", (chosen) => {
    chosen.stopPropagation();
    if (!calendar.value) return;
    field.value = inWords(calendar.value, monthsFirst);
    for (const said of ["input", "change"]) field.dispatchEvent(new Event(said, { bubbles: true }));
  });
  calendar.addEventListener("change", (chosen) => { chosen.stopPropagation(); field.focus(); });
  calendar.addEventListener("blur", () => calendar.remove());
  calendar.showPicker();
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-day] > button");
  if (button) openCalendar(button.parentElement);
});
document.addEventListener("keydown", (event) => {
  const place = event.altKey && event.key === "ArrowDown" && event.target.closest?.("[data-day]");
  if (place) { event.preventDefault(); openCalendar(place); }
});
