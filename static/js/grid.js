// data-pes-grid: a table of goals becomes a sheet that is typed, pasted, undone and saved like a spreadsheet.
// On a phone it stays a list of cards, each a door to its goal's form.
import { askIn } from "./grid_ask.js";
import { blocksOf } from "./grid_blocks.js";
import { cellsOf } from "./grid_cells.js";
import { clipboardOf } from "./grid_clipboard.js";
import { cursorOf } from "./grid_cursor.js";
import { editorOf } from "./grid_editor.js";
import { findingsOf } from "./grid_findings.js";
import { keysOf } from "./grid_keys.js";
import { mouseOf } from "./grid_mouse.js";
import { recoverIn } from "./grid_recover.js";
import { refusedIn } from "./grid_refused.js";
import { rowsOf } from "./grid_rows.js";
import { savedIn } from "./grid_saved.js";
import { storeOf } from "./grid_store.js";
import { undoOf } from "./grid_undo.js";
import { wordsOf } from "./grid_words.js";

const root = document.querySelector("[data-pes-grid]");
const phone = window.matchMedia("(max-width: 40rem)");

function wire() {
  const grid = { root, table: root.querySelector("table"), box: root.querySelector(".sheet-box"), readonly: "readonly" in root.dataset };
  grid.cells = cellsOf(grid);
  grid.words = wordsOf(grid);
  grid.blocks = blocksOf(grid);
  grid.cursor = cursorOf(grid);
  grid.findings = findingsOf(grid);
  if (!grid.readonly) {
    grid.ask = askIn(root);
    grid.undo = undoOf(grid);
    grid.saved = savedIn(grid);
    grid.refused = refusedIn(grid);
    grid.store = storeOf(grid);
    grid.rows = rowsOf(grid);
    grid.editor = editorOf(grid);
  }
  clipboardOf(grid);
  keysOf(grid);
  mouseOf(grid);
  grid.table.setAttribute("role", "grid");
  grid.table.setAttribute("aria-multiselectable", "true");
  if (grid.readonly) grid.table.setAttribute("aria-readonly", "true");
  grid.box.removeAttribute("tabindex");
  grid.cursor.prepare();
  document.addEventListener("htmx:afterSettle", () => { grid.cursor.prepare(); grid.findings.mark(); });
  for (const hidden of root.querySelectorAll("[data-pes-grid-acts], [data-pes-grid-line], [data-pes-grid-help]")) hidden.hidden = false;
  for (const links of root.querySelectorAll("[data-pes-grid-pages]")) links.hidden = true;
  if (grid.readonly) return;
  const acts = { undo: grid.undo.last, up: () => grid.rows.step(true), down: () => grid.rows.step(false), remove: grid.rows.remove };
  for (const button of root.querySelectorAll("[data-act]")) button.addEventListener("click", acts[button.dataset.act]);
  root.querySelector("[data-pes-grid-add]").addEventListener("submit", (event) => { event.preventDefault(); grid.rows.add(); });
  recoverIn(grid);
}

if (!phone.matches) wire();
