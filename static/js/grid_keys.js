// The keyboard and the mouse of the grid, as a spreadsheet's.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

export function keysOf(grid) {
  const { cursor, table, cells } = grid;
  const editing = () => grid.editor?.now();

  async function leave(event, down, right) {
    event.preventDefault();
    grid.editor.finish();
    await cursor.move(down, right);
  }

  function newLine(box) {
    box.setRangeText("\n", box.selectionStart, box.selectionEnd, "end");
  }

  function inEditor(event) {
    const { box, quick } = editing();
    const { key } = event;
    if (event.isComposing) return undefined;
    if (key === "Escape") { event.preventDefault(); grid.editor.cancel(); return cursor.focus(); }
    if (key === "Tab") return leave(event, 0, event.shiftKey ? -1 : 1);
    if (key === "Enter" && event.altKey && box.tagName === "TEXTAREA") { event.preventDefault(); return newLine(box); }
    if (key === "Enter") return leave(event, event.shiftKey ? -1 : 1, 0);
    if (quick && STEPS[key] && box.tagName !== "SELECT") return leave(event, ...STEPS[key]);
    return undefined;
  }

  // Tab goes on from cell to cell and, past the last one of the row, to the next row; at the end it leaves the grid.
  async function tab(event) {
    const { row, column } = cursor.head();
    const back = event.shiftKey;
    const edge = back ? column === 0 && row === 0 : column === cells.width - 1 && row === cells.rows().length - 1;
    if (edge || grid.passing) { grid.passing = false; return; }
    event.preventDefault();
    if (back ? column > 0 : column < cells.width - 1) await cursor.move(0, back ? -1 : 1);
    else { await cursor.move(back ? -1 : 1, 0); cursor.go(cursor.head().row, back ? cells.width - 1 : 0); }
  }

  async function far(event) {
    const { row, column } = cursor.head();
    const end = event.key === "End";
    if (end && (event.ctrlKey || event.metaKey)) await grid.blocks.all();
    const there = event.ctrlKey || event.metaKey ? (end ? cells.rows().length - 1 : 0) : row;
    cursor.go(there, end ? cells.width - 1 : event.ctrlKey ? 0 : Math.min(column, 0), { extend: event.shiftKey });
  }

  function onCell(event) {
    const { key, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    const act = altKey && (key === "ArrowUp" || key === "ArrowDown") ? () => grid.rows?.step(key === "ArrowUp")
      : STEPS[key] && !altKey ? () => cursor.move(...STEPS[key], { extend: event.shiftKey })
        : key === "Home" || key === "End" ? () => far(event)
          : command && key === "Enter" ? () => grid.rows?.add()
            : command && key.toLowerCase() === "z" ? () => grid.undo?.last()
              : (key === "Enter" || key === "F2") && !command ? () => cells.follow(cursor.current()) || grid.editor?.start()
                : key === "Delete" || key === "Backspace" ? () => grid.rows?.clear() : null;
    if (act) { event.preventDefault(); return act(); }
    if (key === "Escape") { grid.passing = true; return grid.words.say("Tab sale de la cuadrícula."); }
    grid.passing = key === "Tab" || key === "Shift" ? grid.passing : false;
    if (key === "Tab") return tab(event);
    const types = key.length === 1 || key === "Dead" || key === "Process";
    return types && !command && !altKey ? grid.editor?.start({ quick: true }) : undefined;
  }

  table.addEventListener("keydown", (event) => (editing() ? inEditor(event) : event.target.closest("tbody") && onCell(event)));
}
