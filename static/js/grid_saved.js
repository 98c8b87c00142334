// What the server saved, in the cells: texts as it holds them, the light of each row, the sum.
export function savedIn(grid) {
  const { root, cells, words } = grid;
  const sum = root.querySelector("[data-pes-grid-sum]");
  const lights = root.querySelector("[data-pes-grid-lights]");

  function mark(goal, { blocking, warnings, summary }) {
    const place = cells.rowOf(goal)?.querySelector(".sheet-mark");
    if (!place) return;
    const light = lights.content.children[blocking ? 0 : warnings ? 1 : 2].cloneNode(true);
    light.querySelector("title").textContent = summary;
    light.setAttribute("aria-label", summary);
    place.replaceChildren(light);
  }

  function total(data) {
    const [, figure, text] = sum.children;
    sum.dataset.balanced = String(data.sum_ok);
    figure.textContent = data.sum;
    text.textContent = data.sum_words;
  }

  // Cells that differ now are what undoing writes back.
  function apply(data, { undoing = false } = {}) {
    const before = [];
    for (const one of data.cells) {
      const cell = cells.of(one.goal, one.field);
      if (!cell) continue;
      if (cells.held(cell) !== one.text) before.push({ goal: one.goal, field: one.field, text: cells.held(cell) });
      if (grid.store.has(one)) cell.dataset.text = one.text;
      else cells.settle(cell, one.text, one.shown);
    }
    Object.entries(data.goals).forEach(([goal, found]) => mark(goal, found));
    if (data.added.length) grid.blocks.append(data.rows);
    if (!undoing) grid.undo.push(before, data.added);
    total(data);
    words.describe(grid.cursor.current());
    words.say("Guardado");
    document.body.dispatchEvent(new CustomEvent("pes:saved", { bubbles: true }));
  }

  return { apply, total };
}
