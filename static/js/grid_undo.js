// Undoing: first what could not be saved, then each saved change, the last one first.
export function undoOf(grid) {
  const { root, cells, words } = grid;
  const button = root.querySelector('[data-act="undo"]');
  const done = [];

  const refresh = () => button.setAttribute("aria-disabled", String(!done.length));

  // The texts that cells held, and the goals that the change added.
  function push(before, added = []) {
    if (before.length || added.length) did(() => back(before, added));
  }

  function did(undo) {
    done.push(undo);
    refresh();
  }

  async function back(before, added) {
    const edits = before.map((one) => ({ cell: cells.of(one.goal, one.field), text: one.text })).filter((one) => one.cell);
    if (edits.length) grid.store.put(edits, { undoing: true });
    for (const goal of [...added].reverse()) await grid.rows.take(goal);
    const place = edits[0]?.cell;
    if (place) grid.cursor.to(place);
  }

  async function last() {
    const waiting = grid.store.last();
    if (waiting && !grid.store.busy()) return grid.refused.giveUp(waiting);
    const undo = waiting ? null : done.pop();
    refresh();
    if (!undo) return words.say(waiting ? "Se está guardando." : "No hay cambios que deshacer.");
    await undo();
    return words.say("Deshecho.");
  }

  return { push, did, last };
}
