// A cell that somebody else changed meanwhile: what it says now, and the person chooses. Until then neither is written.
import { cellsOf } from "./central_cells.js";
import { wasOf } from "./central_kept.js";

export function conflictsIn(root, decided) {
  const template = root.querySelector("[data-pes-central-ask]");
  const open = new Map();

  function close(box) {
    open.get(box)?.remove();
    open.delete(box);
  }

  function decide(box, theirs, mine) {
    close(box);
    wasOf(box).value = theirs;
    if (!mine) box.value = theirs;
    box.focus();
    decided(box.closest("tr"));
  }

  function ask(box, theirs) {
    close(box);
    const question = template.content.firstElementChild.cloneNode(true);
    question.querySelector("[data-theirs]").textContent = theirs || "vacío";
    question.querySelector("[data-keep=yours]").addEventListener("click", () => decide(box, theirs, true));
    question.querySelector("[data-keep=theirs]").addEventListener("click", () => decide(box, theirs, false));
    box.closest("td").append(question);
    open.set(box, question);
  }

  // What is wrong with a row, said under it; a conflict is asked at its cell.
  function complain(row, errors) {
    for (const box of cellsOf(row)) {
      const mine = errors.filter((one) => one.field === box.dataset.pesCentralCell);
      const stale = mine.find((one) => "theirs" in one);
      if (stale) ask(box, stale.theirs);
      box.setAttribute("aria-invalid", mine.length > 0);
    }
    const words = errors.filter((one) => !("theirs" in one)).map((one) => one.message);
    row.querySelector("[data-pes-central-error]").textContent = words.join(" ");
  }

  return { complain, waits: (box) => open.has(box) };
}
