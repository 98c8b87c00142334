// What the server did not save: refused with a reason, changed by somebody else, session over. Nothing typed is lost.
export function refusedIn(grid) {
  const { cells, words } = grid;
  const each = (batch, act) => batch.changes.forEach((change) => { const cell = cells.of(change.goal, change.field); if (cell) act(cell, change); });

  function refuse(errors, batch) {
    const whole = errors.find((error) => error.field === null) ?? (batch.changes.length > 1 ? { message: "No se guardó nada del bloque: corrija lo marcado y se guarda completo.", fix: "" } : null);
    each(batch, (cell) => cells.complain(cell, whole ? `${whole.message} ${whole.fix}`.trim() : ""));
    for (const { goal, field, message, fix } of errors) {
      const cell = field && cells.of(goal, field);
      if (cell) cells.complain(cell, `${message} ${fix}`.trim());
    }
    const { goal, message, fix } = errors[0];
    const where = goal < 0 ? `Fila nueva ${-goal}. ` : "";
    words.describe(grid.cursor.current());
    words.notice("refused", `${where}${message} ${fix}`.trim(), [["Dejar como estaba", () => giveUp(batch)]], "risk");
  }

  function giveUp(batch) {
    each(batch, (cell) => cells.restore(cell));
    grid.store.drop(batch);
    grid.store.rest();
    words.notice("refused", "");
    grid.cursor.focus();
  }

  // Who closes the question has not decided: the text stays in its cell, unsaved.
  function postpone(conflicts, batch) {
    for (const { goal, field, theirs } of conflicts) {
      const cell = cells.of(goal, field);
      if (cell?.dataset.typed !== undefined) cells.complain(cell, `Otra persona escribió «${theirs || "(vacío)"}»: decida cuál queda.`);
    }
    words.notice("conflict", "Lo que usted escribió no está guardado: otra persona cambió lo mismo.", [["Decidir cuál queda", () => resolve(conflicts, batch), true]]);
    grid.cursor.focus();
  }

  async function resolve(conflicts, batch) {
    for (const one of conflicts) {
      const change = batch.changes.find(({ goal, field }) => goal === one.goal && field === one.field);
      if (!change) continue; // decided before
      const rows = [["La otra persona escribió", one.theirs || "(vacío)"], ["Usted escribió", one.yours || "(vacío)"]];
      const mine = await grid.ask(`Otra persona cambió «${one.label}» de la meta ${one.goal}`, rows, [["Poner el mío", true], ["Dejar el de la otra persona", false]]);
      if (mine === null) return postpone(conflicts, batch);
      if (mine) { change.was = one.theirs; continue; }
      batch.changes = batch.changes.filter((kept) => kept !== change);
      const cell = cells.of(one.goal, one.field);
      if (cell) cells.settle(cell, one.theirs, one.theirs);
    }
    if (batch.changes.length || batch.add) return grid.store.resend(batch);
    grid.store.drop(batch);
    return grid.store.rest();
  }

  function expire(status) {
    const why = status ? "El servidor ya no acepta cambios desde esta página." : "Su sesión terminó.";
    words.tell("unsaved", "Sin guardar");
    words.notice("expired", `${why} Lo que escribió está guardado en este navegador: al volver a entrar se lo ofrecemos.`, [[status ? "Volver a cargar" : "Ingresar otra vez", () => grid.store.leave(), true]], "risk");
  }

  return { refuse, resolve, expire, giveUp };
}
