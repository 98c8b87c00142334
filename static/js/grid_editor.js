// The box over a cell while it is typed: a native input, textarea or select, with the cell's own name.
const NUMBERS = new Set(["weight", "amount", "quarter"]);

export function editorOf(grid) {
  const { cells, root } = grid;
  let open = null; // { cell, box, quick }; quick began by typing, so arrows leave it

  function boxFor(cell) {
    const { kind, limit } = cells.headOf(cell);
    const choices = root.querySelector(`[data-pes-grid-options="${cell.dataset.field}"]`);
    const box = document.createElement(choices ? "select" : kind === "prose" ? "textarea" : "input");
    if (choices) box.append(choices.content.cloneNode(true));
    if (NUMBERS.has(kind)) box.inputMode = "decimal";
    if (limit && !choices) box.maxLength = Number(limit);
    box.className = `sheet-editor ${cell.className}`;
    box.setAttribute("aria-label", cells.nameOf(cell));
    box.setAttribute("aria-describedby", "sheet-line");
    box.setAttribute("autocomplete", "off");
    return box;
  }

  function fill(box, text) {
    if (box.tagName === "SELECT" && ![...box.options].some((option) => option.value === text)) box.add(new Option(text, text), 0);
    box.value = text;
  }

  function start({ quick = false } = {}) {
    const cell = grid.cursor.current();
    if (open || !cell) return false;
    const lock = cells.lockOf(cell);
    if (lock) { grid.words.say(lock); return false; }
    const box = boxFor(cell);
    open = { cell, box, quick };
    cell.classList.add("is-editing");
    cell.append(box);
    fill(box, quick && box.tagName !== "SELECT" ? "" : cells.typed(cell));
    box.focus();
    if (box.tagName === "SELECT") choose(box);
    else if (!quick) box.setSelectionRange(box.value.length, box.value.length);
    box.addEventListener("blur", () => finish());
    return true;
  }

  // A list that opens is done when something is chosen in it; one that does not, when one leaves it.
  function choose(box) {
    if (open.quick) return;
    try { box.showPicker(); } catch { return; }
    box.addEventListener("change", () => { finish(); grid.cursor.focus(); });
  }

  function close() {
    const { cell, box } = open;
    open = null;
    cell.classList.remove("is-editing");
    box.remove();
    return cell;
  }

  function finish({ keep = true } = {}) {
    if (!open) return;
    const text = open.box.value;
    const cell = close();
    if (keep && text !== cells.typed(cell)) grid.store.put([{ cell, text }]);
  }

  return { start, finish, cancel: () => finish({ keep: false }), now: () => open };
}
