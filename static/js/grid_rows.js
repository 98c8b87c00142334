// Adding, removing and moving goals, each with its way back.
import { post, tokenOf } from "./grid_send.js";

export function rowsOf(grid) {
  const { root, cells, words, blocks } = grid;
  const address = (row, act) => `${row.querySelector("a").getAttribute("href")}${act}/`;

  async function act(url, body) {
    const { kind, data } = await post(url, tokenOf(root), new URLSearchParams(body));
    if (kind === "expired") grid.refused.expire(data.status);
    else if (kind === "saved") {
      grid.saved.total(data);
      document.body.dispatchEvent(new CustomEvent("pes:saved"));
    } else {
      const why = data.errors?.map((one) => `${one.message} ${one.fix}`).join(" ");
      words.notice("act", why ?? "No hay conexión: la meta sigue como estaba.", [], "risk");
    }
    return kind === "saved";
  }

  // Takes a row away; returns how it comes back.
  async function take(goal) {
    const row = cells.rowOf(goal);
    const next = row?.nextElementSibling;
    if (!row || !(await act(address(row, "quitar")))) return null;
    const { row: place } = cells.placeOf(row.cells[0]);
    row.remove();
    blocks.renumber(-1);
    grid.cursor.go(place, grid.cursor.head().column);
    return async () => {
      if (!(await act(address(row, "restaurar")))) return;
      cells.body.insertBefore(row, next?.isConnected ? next : null);
      blocks.renumber(1);
      grid.cursor.to(row.cells[1]);
    };
  }

  async function remove() {
    const goal = cells.goalOf(grid.cursor.current());
    const what = "Deja de contar y de enviarse. Puede deshacerlo con Ctrl+Z, o restaurarla al final de la página.";
    const sure = await grid.ask(`¿Quitar la meta ${goal} del plan?`, [["Qué pasa", what]], [["Quitar la meta", true, "risk"], ["Cancelar", false]]);
    const back = sure ? await take(goal) : null;
    if (back) grid.undo.did(back);
    grid.cursor.focus();
  }

  async function shift(goal, up) {
    const row = cells.rowOf(goal);
    if (!up && !row.nextElementSibling?.dataset.goal) await blocks.more();
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other?.dataset.goal || !(await act(root.dataset.order, { goal, direction: up ? "up" : "down" }))) return false;
    if (up) other.before(row); else other.after(row);
    blocks.renumber();
    return true;
  }

  async function step(up) {
    const cell = grid.cursor.current();
    const goal = cells.goalOf(cell);
    if (await shift(goal, up)) { grid.undo.did(() => shift(goal, !up)); words.say(`Meta ${goal} movida.`); }
    grid.cursor.to(cell);
  }

  async function add() {
    if (await blocks.all()) grid.store.put([], { add: 1 });
    else words.notice("act", "No hay conexión: la meta no se agregó. Inténtelo otra vez.", [], "risk");
  }

  function clear() {
    const full = grid.cursor.region().rows.flat().filter((cell) => cell.dataset.field && !cells.lockOf(cell) && cells.typed(cell));
    if (full.length) grid.store.put(full.map((cell) => ({ cell, text: "" })));
  }

  return { take, remove, step, add, clear };
}
