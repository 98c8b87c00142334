// A field that somebody else changed meanwhile: both texts, and the person chooses. Until then neither is written.
import { keep, wasOf } from "./report_kept.js";

export function conflictsIn(form, page, save) {
  const template = page.root.querySelector("[data-pes-report-ask]");
  const open = new Map();

  function close(name) {
    open.get(name)?.remove();
    open.delete(name);
  }

  function decide(name, theirs, mine) {
    close(name);
    wasOf(form, name).value = theirs;
    if (!mine) form.elements[name].value = theirs;
    keep(form);
    form.elements[name].focus();
    save();
  }

  function ask(conflicts) {
    for (const { field, theirs, yours } of conflicts) {
      close(field);
      const box = template.content.firstElementChild.cloneNode(true);
      box.querySelector("[data-theirs]").textContent = theirs || "(vacío)";
      box.querySelector("[data-yours]").textContent = yours || "(vacío)";
      box.querySelector("[data-keep=yours]").addEventListener("click", () => decide(field, theirs, true));
      box.querySelector("[data-keep=theirs]").addEventListener("click", () => decide(field, theirs, false));
      form.elements[field].closest(".field").append(box);
      open.set(field, box);
    }
  }

  return { ask, waiting: () => [...open.keys()] };
}
