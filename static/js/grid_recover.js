// What was typed and could not be saved before the page was left (a lost session, a closed window) is offered again.
import { left } from "./grid_kept.js";

export function recoverIn(grid) {
  const found = left();
  if (!found.length) return;
  const forget = () => found.forEach((one) => localStorage.removeItem(one.key));
  const batches = found.flatMap((one) => one.batches);
  const count = batches.flatMap((batch) => batch.changes).length;
  const when = new Date(found.at(-1).at).toLocaleString("es-CO", { dateStyle: "long", timeStyle: "short" });
  const what = count === 1 ? "1 celda" : `${count} celdas`;

  async function put() {
    await grid.blocks.all();
    forget();
    batches.forEach(grid.store.again);
  }

  grid.words.notice("recover", `Recuperamos lo que usted escribió el ${when} y no alcanzó a guardarse: ${what}.`, [["Guardar ahora", put, true], ["Descartar", forget]]);
}
