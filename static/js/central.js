// data-pes-central: each row of a central area's table saves itself; without it, a button saves those of a goal.
import { cellsOf, wireKeys } from "./central_cells.js";
import { conflictsIn } from "./central_conflicts.js";
import { keep, recover, wasOf } from "./central_kept.js";
import { post, tokenOf } from "./grid_send.js";

const PAUSE = 1200; // milliseconds without typing
const root = document.querySelector("[data-pes-central]");
const status = root.querySelector("[data-pes-central-status]") ?? document.createElement("output"); // all closed
let turn = Promise.resolve();
const conflicts = conflictsIn(root, (row) => save(row));
const changed = (row) => cellsOf(row).filter((box) => box.value !== wasOf(box).value);
const dirty = (row) => changed(row).filter((box) => !conflicts.waits(box)); // what waits for its person is not sent
const rows = [...root.querySelectorAll("[data-pes-central-row]")];
const unsaved = () => rows.filter((row) => changed(row).length);
const remember = () => keep(rows.flatMap(changed));

function bodyOf(row) {
  const data = new FormData();
  for (const box of row.querySelectorAll("input[name], textarea[name]")) {
    data.append(box.name, conflicts.waits(box) ? wasOf(box).value : box.value);
  }
  return data;
}

// What was typed meanwhile stays; what the server holds is what the next saving takes the place of, once it was chosen.
function settle(row, said, sent) {
  conflicts.complain(row, said.errors);
  for (const box of cellsOf(row).filter((one) => !conflicts.waits(one))) {
    const held = said.fields[box.dataset.pesCentralCell];
    if (!said.errors.length && box.value === sent.get(box.name)) box.value = held;
    wasOf(box).value = held;
  }
  row.querySelector("[data-pes-central-result]").textContent = said.result;
  row.querySelector("[data-pes-central-state]").innerHTML = said.state;
  row.classList.toggle("is-unsaved", changed(row).length > 0);
  remember();
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
    status.textContent = "No se guardó. Lo que escribió está en este navegador: vuelva a cargar la página y se le ofrece otra vez.";
  }
}

function save(row) {
  window.clearTimeout(row.pause);
  turn = turn.then(() => send(row));
}

function touch(row) {
  row.classList.toggle("is-unsaved", changed(row).length > 0);
  remember();
  window.clearTimeout(row.pause);
  row.pause = window.setTimeout(() => save(row), PAUSE);
}

root.querySelector("[data-pes-central-help]")?.removeAttribute("hidden");
for (const [name, act] of [["input", touch], ["change", save]]) {
  root.addEventListener(name, (event) => { const row = event.target.closest("[data-pes-central-row]"); if (row) act(row); });
}
for (const form of root.querySelectorAll("[data-pes-central-form]")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); unsaved().forEach(save); });
}
window.addEventListener("beforeunload", (event) => { if (unsaved().length) event.preventDefault(); });
if (recover(root)) {
  status.textContent = "Recuperamos lo que usted no alcanzó a guardar: revíselo y guarde la tabla.";
  unsaved().forEach((row) => row.classList.add("is-unsaved"));
}
wireKeys(root, { touch, save, tell: (words) => { status.textContent = words; } });
