// The rows of the table as they come: blocks that are still to come, rows that are added, their numbers.
const SETTLED = ["htmx:afterSettle", "htmx:responseError", "htmx:sendError"];

export function blocksOf(grid) {
  const { table, cells } = grid;
  const first = Number(cells.rows()[0]?.getAttribute("aria-rowindex") ?? 0);
  const waiting = () => cells.body.querySelector("[data-pes-grid-more]");

  // Resolves to whether there were more; by sight or by key, htmx brings them.
  function more() {
    const row = waiting();
    if (!row) return Promise.resolve(false);
    return new Promise((done) => {
      const settled = (event) => {
        if (row.isConnected && event.type === "htmx:afterSettle") return; // another part of the page
        SETTLED.forEach((name) => document.removeEventListener(name, settled));
        done(!row.isConnected);
      };
      SETTLED.forEach((name) => document.addEventListener(name, settled));
      window.htmx.trigger(row, "pes:more");
    });
  }

  // Everything that is still to come, in one piece; false when it could not be brought.
  async function all() {
    for (let row = waiting(); row; row = waiting()) {
      await window.htmx.ajax("GET", `${row.getAttribute("hx-get")}&todas=1`, { source: row, target: row, swap: "outerHTML" });
      if (row.isConnected && !(await more())) return false;
    }
    return true;
  }

  // After a row came, went or moved.
  function renumber(step = 0) {
    table.setAttribute("aria-rowcount", Number(table.getAttribute("aria-rowcount")) + step);
    cells.rows().forEach((row, index) => row.setAttribute("aria-rowindex", first + index));
  }

  function append(html) {
    const before = cells.rows().length;
    cells.body.insertAdjacentHTML("beforeend", html);
    renumber(cells.rows().length - before);
    grid.cursor.prepare();
    grid.cursor.go(before, grid.cursor.head().column || 1);
  }

  return { more, all, append, renumber };
}
