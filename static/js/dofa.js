// The board of a DOFA workshop. What others write arrives by itself (htmx, every few seconds); here it waits while
// somebody marks, chooses or drags in a list, keeps the keyboard's place, and lets a note be dropped on a group.
const LISTS = "[data-pes-dofa-items]";
const BUSY = "input:checked, details[open], .is-dragged";
const STOPS = "a, button, input, select";
let held = false; // a list was left as it was: the next answer must bring everything again
let place = null; // where the keyboard was, in a list that was replaced
let dragged = null;
const chosen = new Map(); // what a select that was replaced had chosen

function inUse(list) {
  const at = document.activeElement;
  return list.querySelector(BUSY) || (list.contains(at) && at.matches("input, select"));
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const list = event.target;
  if (!list.matches?.(LISTS)) return;
  if (inUse(list)) {
    event.detail.shouldSwap = false;
    held = true;
    return;
  }
  if (list.matches("select")) chosen.set(list.id, list.value);
  const row = document.activeElement?.closest?.("li[id]");
  if (row && list.contains(row)) place = { id: row.id, stop: [...row.querySelectorAll(STOPS)].indexOf(document.activeElement) };
});

document.addEventListener("htmx:afterSettle", () => {
  if (place) document.getElementById(place.id)?.querySelectorAll(STOPS)[place.stop]?.focus();
  place = null;
  for (const [id, value] of chosen) {
    const select = document.getElementById(id);
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  }
  chosen.clear();
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "dofa-sondeo" || !held) return;
  delete event.detail.parameters.visto;
  held = false;
});

function groupUnder(event) {
  const group = event.target.closest?.("[data-pes-dofa-group]");
  const list = dragged?.closest(LISTS);
  return group && list?.contains(group) ? group : null;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-pes-dofa-note]") ?? null;
  dragged?.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const group = groupUnder(event);
  for (const other of document.querySelectorAll(".dofa-group.is-over")) other.classList.toggle("is-over", other === group);
  if (!group) return;
  event.preventDefault();
  group.classList.add("is-over");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  for (const group of document.querySelectorAll(".dofa-group.is-over")) group.classList.remove("is-over");
  dragged = null;
});

document.addEventListener("drop", (event) => {
  const group = groupUnder(event);
  if (!group) return;
  event.preventDefault();
  const form = document.getElementById(`mover-${dragged.dataset.pesDofaNote}`);
  dragged.querySelector("input[name=notes]").checked = true;
  form.elements.group.value = group.dataset.pesDofaGroup;
  form.requestSubmit();
});
