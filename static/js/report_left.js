// A report that cannot be written any more: what an earlier visit typed and nobody saved is shown, to be copied.
const owner = document.documentElement.dataset.user ?? "nadie";

export function showLeft(root) {
  const prefix = `pes-report:${owner}:${window.location.pathname}:`;
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
    const goal = root.querySelector(`#meta-${CSS.escape(key.slice(prefix.length))}`);
    const kept = JSON.parse(localStorage.getItem(key));
    if (!goal || !kept.fields.length) continue;
    const notice = Object.assign(document.createElement("div"), { className: "notice notice-warn" });
    notice.setAttribute("role", "status");
    const body = Object.assign(document.createElement("div"), { className: "notice-body" });
    const words = "El reporte ya no se puede escribir, y esto que usted escribió en este navegador no se guardó. Cópielo si lo necesita.";
    const list = document.createElement("ul");
    for (const [, { value }] of kept.fields) list.append(Object.assign(document.createElement("li"), { textContent: value || "(vacío)" }));
    const forget = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: "Ya no lo necesito" });
    forget.addEventListener("click", () => { localStorage.removeItem(key); notice.remove(); });
    body.append(Object.assign(document.createElement("p"), { textContent: words }), list, forget);
    notice.append(body);
    goal.querySelector("header").after(notice);
  }
}
