// Places of the grid: rows, columns, what a cell holds, and whether it may be typed.
// data-text is what the server holds when it reads otherwise; data-typed what is typed and not saved yet.
export function cellsOf({ table }) {
  const heads = [...table.querySelectorAll("thead tr:last-child > th")];
  const body = table.tBodies[0];
  const rows = () => [...body.querySelectorAll("tr[data-goal]")];
  const shownBox = (cell) => cell.firstElementChild;
  const held = (cell) => cell.dataset.text ?? shownBox(cell).textContent;

  return {
    body,
    rows,
    held,
    columns: heads.map((head) => head.dataset),
    width: heads.length,
    typed: (cell) => cell.dataset.typed ?? held(cell),
    at: (row, column) => rows()[row]?.cells[column],
    of: (goal, field) => body.querySelector(`tr[data-goal="${goal}"] > [data-field="${field}"]`),
    rowOf: (goal) => body.querySelector(`tr[data-goal="${goal}"]`),
    placeOf: (cell) => ({ row: rows().indexOf(cell.parentElement), column: cell.cellIndex }),
    goalOf: (cell) => Number(cell.parentElement.dataset.goal),
    headOf: (cell) => heads[cell.cellIndex].dataset,
    lockOf: (cell) => (cell.dataset.field ? cell.dataset.lock ?? "" : "El número de una meta no cambia."),
    nameOf: (cell) => `Meta ${cell.parentElement.dataset.goal} · ${heads[cell.cellIndex].dataset.label ?? "No."}`,
    // What is typed stands in the cell until the server says what it holds.
    type(cell, text) {
      cell.dataset.text = held(cell);
      cell.dataset.shown ??= shownBox(cell).textContent;
      cell.dataset.typed = text;
      cell.classList.add("is-unsaved");
      shownBox(cell).textContent = text;
    },
    settle(cell, text, shown = text) {
      delete cell.dataset.typed;
      delete cell.dataset.shown;
      cell.dataset.text = text;
      shownBox(cell).textContent = shown;
      cell.classList.remove("is-unsaved");
      this.complain(cell, "");
    },
    restore(cell) { this.settle(cell, held(cell), cell.dataset.shown ?? held(cell)); },
    // The number of a goal is the door to its sheet.
    follow(cell) {
      const link = cell.matches("th") && cell.querySelector("a");
      if (link) link.click();
      return Boolean(link);
    },
    complain(cell, message) {
      if (message) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
      cell.dataset.error = message;
    },
  };
}
