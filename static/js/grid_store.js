// What is typed and not saved: batches that travel one after another, all or none, kept in this browser meanwhile.
import { keep } from "./grid_kept.js";
import { post, tokenOf } from "./grid_send.js";

const WAITS = [1, 2, 4, 8, 15, 30]; // seconds between attempts
const same = (one, other) => one.goal === other.goal && one.field === other.field;

export function storeOf(grid) {
  const { cells, words, root } = grid;
  let batches = [];
  let [sending, stopped, leaving, tries, timer] = [false, false, false, 0, 0];
  const drop = (batch) => { batches = batches.filter((one) => one !== batch); keep(batches); };

  function rest() {
    const held = batches.filter((batch) => batch.state === "held").flatMap((batch) => batch.changes).length;
    const time = new Date().toLocaleTimeString("es-CO", { hour: "numeric", minute: "2-digit" });
    if (held) words.tell("wrong", held === 1 ? "Sin guardar: 1 celda por corregir" : `Sin guardar: ${held} celdas`);
    else { ["refused", "conflict"].forEach((key) => words.notice(key, "")); words.tell("saved", `Guardado · ${time}`); }
  }

  function later() {
    const wait = WAITS[Math.min(tries, WAITS.length - 1)];
    tries += 1;
    words.tell("unsaved", `Sin guardar: no hay conexión. Se intenta otra vez en ${wait} s`);
    window.clearTimeout(timer);
    timer = window.setTimeout(pump, wait * 1000);
  }

  const hear = {
    saved(batch, data) {
      drop(batch);
      for (const next of batches.flatMap((one) => one.changes)) next.was = data.cells.find((one) => same(one, next))?.text ?? next.was;
      grid.saved.apply(data, batch);
    },
    refused(batch, data) { batch.state = "held"; grid.refused.refuse(data.errors, batch); },
    conflict(batch, data) { batch.state = "held"; grid.refused.resolve(data.conflicts, batch); },
    expired(batch, data) { stopped = true; grid.refused.expire(data.status); },
    offline: later,
  };

  async function pump() {
    const batch = batches.find((one) => one.state === "waiting");
    if (sending || stopped || !batch) return;
    sending = true;
    if (!tries) words.tell("saving", "Guardando…");
    const { kind, data } = await post(root.dataset.cells, tokenOf(root), JSON.stringify({ changes: batch.changes, add: batch.add, key: batch.key }));
    sending = false;
    if (kind !== "offline") tries = 0;
    hear[kind](batch, data);
    keep(batches);
    if (kind !== "offline" && !stopped) { rest(); pump(); }
  }

  function wait(batch) {
    batch.state = "waiting";
    if (!batches.includes(batch)) batches.push(batch);
    keep(batches);
    pump();
  }

  // edits: { cell, text } of goals that are here, { goal, field, text } of goals to add (-1 the first one).
  function put(edits, { add = 0, undoing = false } = {}) {
    const changes = edits.map(({ cell, goal, field, text }) => (cell ? { goal: cells.goalOf(cell), field: cell.dataset.field, was: cells.held(cell), value: text } : { goal, field, was: null, value: text }));
    for (const { cell, text } of edits) if (cell) { cells.type(cell, text); cells.complain(cell, ""); }
    const held = changes.length === 1 && batches.find((batch) => batch.state === "held" && batch.changes.some((one) => same(one, changes[0])));
    if (held) held.changes.find((one) => same(one, changes[0])).value = changes[0].value;
    wait(held || { changes, add, undoing, key: add ? `${Date.now()}-${Math.random()}` : "" }); // one whose answer is lost comes again
  }

  function again(batch) {
    for (const { goal, field, value } of batch.changes) { const cell = cells.of(goal, field); if (cell) cells.type(cell, value); }
    wait({ ...batch });
  }

  window.addEventListener("online", pump);
  window.addEventListener("beforeunload", (event) => { grid.editor.finish(); if (batches.length && !leaving) event.preventDefault(); });
  const has = (one) => batches.some((batch) => batch.changes.some((change) => same(change, one)));
  return { put, again, resend: wait, drop, rest, has, last: () => batches.at(-1), busy: () => sending, leave() { leaving = true; window.location.reload(); } };
}
