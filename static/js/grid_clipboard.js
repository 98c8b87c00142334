// Copying and pasting blocks, with a spreadsheet or with itself.
import { format, parse } from "./grid_tsv.js";

export function clipboardOf(grid) {
  const { cells, cursor, words, table } = grid;
  const here = () => table.contains(document.activeElement) && !grid.editor?.now();
  const text = (cell) => (cell.dataset.field ? cells.typed(cell) : cell.parentElement.dataset.goal);

  function copy(event) {
    const { rows } = cursor.region();
    event.preventDefault();
    event.clipboardData.setData("text/plain", format(rows.map((row) => row.map(text))));
    words.say(rows.length * rows[0].length === 1 ? "Celda copiada." : `Copiadas ${rows.length} filas.`);
  }

  // One value fills the whole selection; a block is laid from its upper left cell.
  function spread(block, region) {
    const one = block.length === 1 && block[0].length === 1;
    return one ? region.rows.map((row) => row.map(() => block[0][0])) : block;
  }

  function problem(block, left, width) {
    const fits = cells.width - left;
    return width > fits ? `El bloque tiene ${width} columnas y desde esta celda caben ${fits}. No se pegó nada.` : "";
  }

  async function rowsFor(block, top) {
    if (top + block.length > cells.rows().length && !(await grid.blocks.all())) return null;
    const extra = top + block.length - cells.rows().length;
    if (extra <= 0) return { rows: block, add: 0 };
    const fit = block.length - extra;
    const choice = await grid.ask(`El bloque tiene ${extra} ${extra === 1 ? "fila" : "filas"} más que el plan`, [["Qué puede hacer", "Agregar las metas que faltan y pegar todo, o pegar solo lo que cabe."]],
      [[`Agregar ${extra} ${extra === 1 ? "meta" : "metas"} y pegar`, "add", "primary"], ...(fit ? [["Pegar lo que cabe", "fit"]] : []), ["Cancelar", null]]);
    return choice === "add" ? { rows: block, add: extra } : choice === "fit" ? { rows: block.slice(0, fit), add: 0 } : null;
  }

  function edits(rows, top, left) {
    const found = [];
    const have = cells.rows();
    rows.forEach((row, down) => row.forEach((value, right) => {
      const field = cells.columns[left + right].field;
      const line = have[top + down];
      if (!field) return; // the number of a goal is not pasted
      if (!line) found.push({ goal: have.length - 1 - (top + down), field, text: value });
      else if (cells.typed(line.cells[left + right]) !== value) found.push({ cell: line.cells[left + right], text: value });
    }));
    return found;
  }

  async function paste(event) {
    event.preventDefault();
    const source = event.clipboardData.getData("text/plain");
    if (!source || grid.readonly) return;
    const region = cursor.region();
    const block = spread(parse(source), region);
    const wrong = problem(block, region.left, Math.max(...block.map((row) => row.length)));
    if (wrong) { words.notice("paste", wrong, [], "risk"); return; }
    const plan = await rowsFor(block, region.top);
    cursor.focus();
    if (!plan) return;
    const found = edits(plan.rows, region.top, region.left);
    const locked = found.find((one) => one.cell && cells.lockOf(one.cell));
    if (locked) words.notice("paste", `No se pegó nada. ${cells.nameOf(locked.cell)}: ${cells.lockOf(locked.cell)}`, [], "risk");
    else if (found.length || plan.add) grid.store.put(found, { add: plan.add });
  }

  document.addEventListener("copy", (event) => here() && copy(event));
  document.addEventListener("cut", (event) => { if (here()) { copy(event); grid.rows?.clear(); } });
  document.addEventListener("paste", (event) => here() && paste(event));
}
