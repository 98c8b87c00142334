// data-pes-central: the table of a central area saves each row while it is written, and is typed like a spreadsheet.
// Without it, each shared goal has one button that saves all its rows.
import { cellsOf, wireKeys } from "./central_cells.js";
import { post, tokenOf } from "./grid_send.js";

const PAUSE = 1200; // milliseconds without typing
const root = document.querySelector("[data-pes-central]");
const status = root.querySelector("[data-pes-central-status]");
let turn = Promise.resolve();

const wasOf = (row, box) => row.querySelector(`[name="${box.name.replace("-", "-was_")}"]`);
const dirty = (row) => cellsOf(row).filter((box) => box.value !== wasOf(row, box).value);
const unsaved = () => [...root.querySelectorAll("[data-pes-central-row]")].filter((row) => dirty(row).length);

function bodyOf(row) {
  const data = new FormData();
  for (const box of row.querySelectorAll("input[name], textarea[name]")) data.append(box.name, box.value);
  return data;
}

function complain(row, errors) {
  for (const box of cellsOf(row)) box.toggleAttribute("aria-invalid", errors.some((one) => one.field === box.dataset.pesCentralCell));
  row.querySelector("[data-pes-central-error]").textContent = errors.map((one) => one.message).join(" ");
}

// What was typed meanwhile stays; what the server holds is what the next saving takes the place of.
function settle(row, said, sent) {
  for (const box of cellsOf(row)) {
    const held = said.fields[box.dataset.pesCentralCell];
    if (!said.errors.length && box.value === sent.get(box.name)) box.value = held;
    wasOf(row, box).value = held;
  }
  row.querySelector("[data-pes-central-result]").textContent = said.result;
  row.querySelector("[data-pes-central-state]").innerHTML = said.state;
  row.classList.toggle("is-unsaved", dirty(row).length > 0);
  complain(row, said.errors);
}

async function send(row) {
  if (!dirty(row).length) return;
  status.textContent = "Guardando…";
  const sent = bodyOf(row);
  const { kind, data } = await post(root.dataset.save, tokenOf(root), sent);
  if (data.rows?.[row.id]) {
    settle(row, data.rows[row.id], sent);
    status.textContent = kind === "saved" ? data.saved : "Hay renglones sin guardar.";
  } else if (kind === "offline") {
    status.textContent = "Sin conexión: lo que escribió sigue aquí y se intentará otra vez.";
    window.setTimeout(() => save(row), 8 * PAUSE);
  } else {
    status.textContent = "No se guardó. Copie lo que escribió y vuelva a cargar la página.";
  }
}

function save(row) {
  window.clearTimeout(row.pause);
  turn = turn.then(() => send(row));
  return turn;
}

function touch(row) {
  row.classList.toggle("is-unsaved", dirty(row).length > 0);
  window.clearTimeout(row.pause);
  row.pause = window.setTimeout(() => save(row), PAUSE);
}

root.querySelector("[data-pes-central-help]")?.removeAttribute("hidden");
root.addEventListener("input", (event) => { const row = event.target.closest("[data-pes-central-row]"); if (row) touch(row); });
root.addEventListener("change", (event) => { const row = event.target.closest("[data-pes-central-row]"); if (row) save(row); });
for (const form of root.querySelectorAll("[data-pes-central-form]")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); unsaved().forEach(save); });
}
window.addEventListener("beforeunload", (event) => { if (unsaved().length) event.preventDefault(); });
wireKeys(root, { touch, save, tell: (words) => { status.textContent = words; } });
