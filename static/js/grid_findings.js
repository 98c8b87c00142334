// What the panel of coherence says about each cell of the grid, the way from one to the other, and its remedies.
import { post, tokenOf } from "./grid_send.js";

export function findingsOf(grid) {
  const { cells, table, root, words } = grid;
  let places = new Map();

  function mark() {
    const panel = document.querySelector("[data-pes-grid-findings]");
    for (const cell of table.querySelectorAll("[data-finding]")) delete cell.dataset.finding;
    places = new Map();
    for (const item of panel?.querySelectorAll("li[data-goal]") ?? []) {
      const { goal, field, tone } = item.dataset;
      const said = [item.querySelector("[data-message]"), item.querySelector("[data-fix]")].map((one) => one?.textContent ?? "").join(" ").trim();
      const cell = cells.of(goal, field);
      if (cell && !cell.dataset.finding) cell.dataset.finding = tone;
      if (!places.has(`${goal} ${field}`)) places.set(`${goal} ${field}`, { tone, words: said });
    }
    const here = grid.cursor.current();
    if (here) words.describe(here);
  }

  async function goTo(event, link) {
    const { goal, field } = link.closest("li").dataset;
    event.preventDefault();
    if (!cells.of(goal, field)) await grid.blocks.all();
    const cell = cells.of(goal, field);
    if (cell) grid.cursor.to(cell);
    else window.location.assign(link.href);
  }

  async function fix(event, form) {
    event.preventDefault();
    const { kind, data } = await post(form.action, tokenOf(root), new URLSearchParams(new FormData(form)));
    if (kind === "saved") return grid.saved.apply(data);
    if (kind === "expired") return grid.refused.expire(data.status);
    words.notice("fix", data.errors?.map((one) => `${one.message} ${one.fix}`).join(" ") ?? "No hay conexión: no se cambió nada. Inténtelo otra vez.", [], "risk");
    return document.body.dispatchEvent(new CustomEvent("pes:saved"));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-pes-grid-goto]");
    if (link) goTo(event, link);
  });
  document.addEventListener("submit", (event) => {
    if (!grid.readonly && event.target.matches("[data-pes-grid-fix]")) fix(event, event.target);
  });
  return { mark, of: (cell) => places.get(`${cells.goalOf(cell)} ${cell.dataset.field}`) };
}
