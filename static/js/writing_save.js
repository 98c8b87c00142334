// Saves what is written after a pause; when somebody else wrote meanwhile it shows both and asks.
import { post, tokenOf } from "./grid_send.js";
import { conflictIn } from "./writing_conflict.js";
import { refresh } from "./writing_panel.js";

const PAUSE = 2500; // milliseconds without typing
const AGAIN = 8000; // milliseconds until another attempt without connection

export function saverOf(editor) {
  const { form, box } = editor;
  const said = form.querySelector(".paper-saved");
  let [timer, stored, busy, asking] = [0, editor.html(), false, false];

  function tell(words, isUnsaved = false) {
    said.textContent = words;
    said.classList.toggle("is-unsaved", isUnsaved);
  }

  function done(answer, sent) {
    stored = sent;
    form.elements.read.value = answer.revision;
    tell(answer.saved);
    refresh(answer.panel);
    box.dispatchEvent(new CustomEvent("pes-saved"));
    if (editor.html() !== stored) wait(PAUSE);
  }

  const conflict = conflictIn(editor, {
    decided(revision) { asking = false; form.elements.read.value = revision; save(); },
  });

  async function save() {
    window.clearTimeout(timer);
    const html = editor.html();
    if (busy || asking) return;
    if (html === stored) { tell("Todo está guardado."); return; }
    busy = true;
    tell("Guardando…");
    const data = new FormData(form);
    data.set("text", html);
    const { kind, data: answer } = await post(form.action, tokenOf(form), data);
    busy = false;
    if (kind === "saved") done(answer, html);
    else if (kind === "conflict") {
      asking = true;
      tell("Sin guardar: otra persona escribió aquí.", true);
      refresh(answer.panel);
      conflict.ask(answer.conflicts[0]);
    } else if (kind === "offline") { tell("Sin guardar: no hay conexión. Se intentará otra vez.", true); wait(AGAIN); }
    else tell((answer.errors ?? ["Sin guardar: su sesión terminó. Su texto queda en este navegador; ingrese otra vez."]).join(" "), true);
  }

  function wait(time) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, time);
  }

  box.addEventListener("input", () => { tell("Sin guardar", true); wait(PAUSE); });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  box.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
  window.addEventListener("beforeunload", (event) => { if (editor.html() !== stored) event.preventDefault(); });
  return { tell };
}
