// Where one is in the grid: one cell in the tab order, a block selected from an anchor, and the way to the others.
const clamp = (value, most) => Math.max(0, Math.min(value, most));

export function cursorOf(grid) {
  const { cells, table, box } = grid;
  let head = { row: 0, column: 1 };
  let anchor = head;

  function current() { return cells.at(head.row, head.column); }

  function region() {
    const [top, bottom] = [anchor.row, head.row].sort((a, b) => a - b);
    const [left, right] = [anchor.column, head.column].sort((a, b) => a - b);
    const rows = cells.rows().slice(top, bottom + 1);
    return { top, left, bottom, right, rows: rows.map((row) => [...row.cells].slice(left, right + 1)) };
  }

  function paint() {
    for (const cell of table.querySelectorAll("tbody [aria-selected]")) cell.removeAttribute("aria-selected");
    for (const row of region().rows) for (const cell of row) cell.setAttribute("aria-selected", "true");
  }

  // A frozen column must not lie over the cell that has the focus.
  function reveal(cell) {
    const frozen = [...cell.parentElement.cells].filter((one) => getComputedStyle(one).position === "sticky");
    if (frozen.includes(cell)) return;
    const edge = frozen.reduce((sum, one) => sum + one.offsetWidth, 0);
    const left = cell.offsetLeft - edge;
    if (left < box.scrollLeft) box.scrollLeft = left;
  }

  function focus({ quiet = false } = {}) {
    const cell = current();
    if (!cell) return;
    for (const one of table.querySelectorAll('tbody [tabindex="0"]')) one.tabIndex = -1;
    cell.tabIndex = 0;
    paint();
    grid.words.describe(cell);
    if (quiet) return;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    reveal(cell);
  }

  function go(row, column, { extend = false, quiet = false } = {}) {
    head = { row: clamp(row, cells.rows().length - 1), column: clamp(column, cells.width - 1) };
    if (!extend) anchor = head;
    focus({ quiet });
  }

  return {
    go,
    focus,
    current,
    region,
    head: () => head,
    to: (cell, options) => { const place = cells.placeOf(cell); go(place.row, place.column, options); },
    // Below the last row that is here come those that were not looked at yet.
    async move(down, right, options) {
      if (head.row + down >= cells.rows().length) await grid.blocks.more();
      go(head.row + down, head.column + right, options);
    },
    prepare() {
      for (const link of cells.body.querySelectorAll("a")) link.tabIndex = -1;
      if (!table.querySelector('tbody [tabindex="0"]')) focus({ quiet: true });
    },
  };
}
