// What was written and not saved stays in this browser: after an expired session or a closed window it is offered.
const WEEK = 7 * 24 * 3600 * 1000;

export function keptIn(editor, tell) {
  const { form, box } = editor;
  const owner = document.documentElement.dataset.user ?? "nadie";
  const name = `pes-writing:${owner}:${form.dataset.key}`;
  const forget = () => localStorage.removeItem(name);

  function offer(kept) {
    const notice = document.createElement("div");
    notice.className = "notice notice-warn";
    notice.setAttribute("role", "status");
    const body = document.createElement("div");
    body.className = "notice-body";
    const when = new Date(kept.at).toLocaleString("es-CO", { dateStyle: "long", timeStyle: "short" });
    body.textContent = `Usted escribió aquí el ${when} y no alcanzó a guardar. `;
    [["Recuperarlo", () => { editor.put(kept.html); tell("Recuperado, sin guardar", true); }], ["Descartarlo", forget]].forEach(([words, act]) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", textContent: words, className: "btn btn-small" });
      made.addEventListener("click", () => { act(); notice.remove(); });
      body.append(made, " ");
    });
    notice.append(body);
    form.prepend(notice);
  }

  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (kept && Date.now() - kept.at < WEEK && kept.html !== editor.html()) offer(kept);
  else forget();
  box.addEventListener("input", () => localStorage.setItem(name, JSON.stringify({ at: Date.now(), html: editor.html() })));
  box.addEventListener("pes-saved", forget);
}
