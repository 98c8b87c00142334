// The boxes of a central area's table as a sheet: Enter goes down, a block is pasted, a value is repeated downwards.
import { parse } from "./grid_tsv.js";

export const cellsOf = (row) => [...row.querySelectorAll("[data-pes-central-cell]")];

function placeOf(box) {
  const rows = [...box.closest("table").querySelectorAll("[data-pes-central-row]")];
  const row = box.closest("[data-pes-central-row]");
  return { rows, at: rows.indexOf(row), column: cellsOf(row).indexOf(box) };
}

function move(box, step) {
  const { rows, at, column } = placeOf(box);
  const next = rows[at + step] && cellsOf(rows[at + step])[column];
  next?.focus();
  next?.select();
}

function write(row, column, text) {
  const box = cellsOf(row)[column];
  if (box && box.value !== text.trim()) box.value = text.trim();
}

export function wireKeys(root, { touch, save, tell }) {
  function paste(event) {
    const box = event.target.closest("[data-pes-central-cell]");
    const block = box && parse(event.clipboardData.getData("text/plain"));
    if (!block || (block.length === 1 && block[0].length === 1)) return;
    const { rows, at, column } = placeOf(box);
    const width = Math.max(...block.map((line) => line.length));
    event.preventDefault();
    if (at + block.length > rows.length || column + width > cellsOf(rows[at]).length) {
      tell(`No se pegó nada: el bloque tiene ${block.length} filas y ${width} columnas y desde aquí no cabe.`);
      return;
    }
    block.forEach((line, down) => {
      line.forEach((text, right) => write(rows[at + down], column + right, text));
      touch(rows[at + down]);
      save(rows[at + down]);
    });
    tell(`Pegadas ${block.length} filas.`);
  }

  function repeat(box) {
    const { rows, at, column } = placeOf(box);
    for (const row of rows.slice(at + 1)) {
      write(row, column, box.value);
      touch(row);
    }
    tell(`Repetido en ${rows.length - at - 1} filas.`);
  }

  root.addEventListener("paste", paste);
  root.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-pes-central-cell]");
    if (!box || event.isComposing) return;
    if (event.key === "ArrowDown" && event.altKey) { event.preventDefault(); repeat(box); }
    else if (event.key === "Enter" && !event.altKey && !event.ctrlKey) { event.preventDefault(); move(box, event.shiftKey ? -1 : 1); }
  });
}
