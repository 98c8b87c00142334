// What was typed in a goal and could not be saved before the page was left is offered again, with what was seen then:
// if somebody else wrote meanwhile, saving it shows both (WF3).
import { forget, left, wasOf } from "./report_kept.js";

function button(label, act, tone = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn-small${tone}`;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

export function recoverIn(form, saver) {
  const found = left(form);
  if (!found) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-warn";
  notice.setAttribute("role", "status");
  const when = new Date(found.at).toLocaleString("es-CO", { dateStyle: "long", timeStyle: "short", timeZone: "America/Bogota" });
  const words = document.createElement("div");
  words.className = "notice-body";
  words.textContent = `Recuperamos lo que usted escribió en esta meta el ${when} y no alcanzó a guardarse.`;

  function put() {
    notice.remove();
    for (const [name, { was, value }] of found.fields) {
      form.elements[name].value = value;
      wasOf(form, name).value = was;
      form.elements[name].closest("[data-pes-report-field]")?.removeAttribute("hidden");
    }
    saver.save();
  }

  const discard = () => { notice.remove(); forget(form); };
  notice.append(words, button("Guardar ahora", put, " btn-primary"), button("Descartar", discard));
  form.prepend(notice);
}
