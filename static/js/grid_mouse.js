// The mouse of the grid: a click goes to a cell, a drag or Shift selects a block, a double click edits.
export function mouseOf({ table, cursor, editor }) {
  const cellAt = (event) => event.target.closest("tbody tr[data-goal] > *");
  const inBox = (event) => event.target.closest(".sheet-editor, a");

  table.addEventListener("pointerdown", (event) => {
    const cell = cellAt(event);
    if (!cell || inBox(event) || event.button !== 0) return;
    event.preventDefault();
    editor?.finish();
    cursor.to(cell, { extend: event.shiftKey });
  });
  table.addEventListener("pointerover", (event) => {
    const cell = cellAt(event);
    if (cell && event.buttons === 1 && event.pointerType === "mouse" && !editor?.now()) cursor.to(cell, { extend: true });
  });
  table.addEventListener("dblclick", (event) => cellAt(event) && !inBox(event) && editor?.start());
}
