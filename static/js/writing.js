// data-pes-writing on the form of a section: a box with formats in place of the plain one. The server cleans
// whatever leaves it; without this module the plain box and its light mark-up do the same.
import { keptIn } from "./writing_kept.js";
import { liveIn } from "./writing_live.js";
import { pasteIn } from "./writing_paste.js";
import { placeClean } from "./writing_place.js";
import { saverOf } from "./writing_save.js";
import { toolsOf } from "./writing_tools.js";

function boxOf(form) {
  const plain = form.elements.text;
  const box = document.createElement("div");
  box.className = "paper-editor rich";
  box.contentEditable = "true";
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", "Texto de la sección");
  box.innerHTML = form.querySelector("template[data-pes-html]").innerHTML;
  const frame = document.createElement("div");
  frame.className = "paper-frame";
  frame.append(box);
  plain.closest(".field").append(frame);
  form.querySelector(`label[for="${plain.id}"]`)?.addEventListener("click", () => box.focus());
  return box;
}

function start(form) {
  const box = boxOf(form);
  const live = liveIn(form, box);
  form.classList.add("paper-box");
  form.elements.form.value = "html";
  form.querySelector("[data-pes-plain-help]").hidden = true;
  document.execCommand("defaultParagraphSeparator", false, "p");
  const editor = {
    form,
    box,
    html: () => live.plain(),
    put(html) { box.innerHTML = html; live.dress(); box.dispatchEvent(new Event("input", { bubbles: true })); },
    insert(html) { box.focus(); placeClean(box, html); },
  };
  live.listen();
  box.before(toolsOf(editor));
  const saver = saverOf(editor);
  pasteIn(editor, saver.tell);
  keptIn(editor, saver.tell);
}

document.querySelectorAll("form[data-pes-writing]").forEach(start);
