// What is pasted goes to the server first and comes back clean: what is seen is what will be kept.
import { post, tokenOf } from "./grid_send.js";

export function pasteIn(editor, tell) {
  editor.box.addEventListener("paste", async (event) => {
    const html = event.clipboardData.getData("text/html");
    if (!html) return; // plain words: the browser puts them
    event.preventDefault();
    const data = new FormData();
    data.set("text", html);
    const place = window.getSelection().rangeCount ? window.getSelection().getRangeAt(0) : null;
    tell("Limpiando lo que pegó…");
    const { kind, data: answer } = await post(editor.form.dataset.clean, tokenOf(editor.form), data);
    if (kind !== "saved") {
      tell((answer.errors ?? ["No se pudo pegar con formato: no hay conexión. Pegue sin formato (Ctrl+Mayús+V)."]).join(" "), true);
      return;
    }
    if (place) {
      window.getSelection().removeAllRanges();
      window.getSelection().addRange(place);
    }
    editor.insert(answer.html);
    tell(`Pegado con los formatos que el documento admite: ${answer.words} palabras.`);
  });
  editor.box.addEventListener("drop", (event) => event.preventDefault()); // a dropped file would open over the text
}
