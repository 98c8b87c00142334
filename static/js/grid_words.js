// What the grid says: the line about the cell one is at, the state of what is typed, and notices to answer.
const LEAD = { risk: "Corrija: ", warn: "Revise: ", lock: "No se puede escribir aquí. ", help: "" };

export function wordsOf(grid) {
  const { root, cells } = grid;
  const line = root.querySelector("[data-pes-grid-line]");
  const state = root.querySelector("[data-pes-grid-state]");
  const notices = root.querySelector("[data-pes-grid-notices]");
  const live = document.createElement("p");
  live.className = "vh";
  live.setAttribute("role", "status");
  root.append(live);

  function about(cell) {
    if (cell.dataset.error) return ["risk", cell.dataset.error];
    const found = grid.findings?.of(cell);
    if (found) return [found.tone, found.words];
    const lock = !grid.readonly && cell.dataset.field ? cells.lockOf(cell) : "";
    return lock ? ["lock", lock] : ["help", cells.headOf(cell).help ?? "Intro abre la ficha de la meta."];
  }

  function describe(cell) {
    if (!line) return;
    const [tone, words] = about(cell);
    const name = document.createElement("b");
    name.textContent = cells.nameOf(cell);
    const text = document.createElement("span");
    text.textContent = LEAD[tone] + words;
    line.dataset.tone = tone;
    line.replaceChildren(name, text);
    if (tone === "help") cell.removeAttribute("aria-describedby");
    else cell.setAttribute("aria-describedby", line.id);
  }

  function say(text) {
    live.textContent = "";
    window.requestAnimationFrame(() => { live.textContent = text; });
    const text2 = line?.querySelector("span");
    if (text2 && text) text2.textContent = text;
  }

  // kind: saved | saving | unsaved | wrong
  function tell(kind, text) {
    state.dataset.state = kind;
    state.textContent = text;
  }

  // buttons: [[label, what it does, primary]]; a notice with the same key takes the place of the one before.
  function notice(key, text, buttons = [], tone = "warn") {
    notices.querySelector(`[data-key="${key}"]`)?.remove();
    if (!text) return;
    const box = document.createElement("div");
    box.className = `notice notice-${tone}`;
    box.dataset.key = key;
    box.setAttribute("role", "alert");
    const body = document.createElement("div");
    body.className = "notice-body";
    body.textContent = text;
    const acts = buttons.map(([label, act, primary]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `btn btn-small${primary ? " btn-primary" : ""}`;
      button.textContent = label;
      button.addEventListener("click", () => { box.remove(); act(); });
      return button;
    });
    box.append(body, ...acts);
    notices.append(box);
  }

  return { describe, say, tell, notice };
}
