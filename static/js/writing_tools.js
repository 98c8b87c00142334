// The buttons over the editor: each is one command, reachable by Tab and moved along with the arrows.
const TABLE = "<table><caption>Nombre de la tabla</caption><tbody><tr><th>Columna 1</th><th>Columna 2</th></tr><tr><td>Dato</td><td>Dato</td></tr><tr><td>Dato</td><td>Dato</td></tr></tbody></table>";

const run = (name, value) => document.execCommand(name, false, value);

function link() {
  const chosen = window.getSelection();
  const inside = chosen.anchorNode?.parentElement?.closest("a");
  if (inside) return run("unlink");
  const address = window.prompt("Dirección del enlace (https://…)", "https://");
  if (!address?.startsWith("https://") || address.length < 10) return undefined;
  if (chosen.isCollapsed) return run("insertText", address);
  return run("createLink", address);
}

function row(editor) {
  const here = window.getSelection().anchorNode;
  const line = (here?.nodeType === 1 ? here : here?.parentElement)?.closest("tr");
  if (!line || !editor.box.contains(line)) return;
  const copy = document.createElement("tr");
  [...line.cells].forEach(() => { copy.append(document.createElement("td")); });
  line.after(copy);
  editor.box.dispatchEvent(new Event("input", { bubbles: true }));
}

const TOOLS = [
  ["Negrita", "N", () => run("bold"), "bold"],
  ["Cursiva", "C", () => run("italic"), "italic"],
  ["Título", "Título", () => run("formatBlock", "<h3>"), ""],
  ["Subtítulo", "Subtítulo", () => run("formatBlock", "<h4>"), ""],
  ["Párrafo", "Párrafo", () => run("formatBlock", "<p>"), ""],
  ["Lista con viñetas", "• Lista", () => run("insertUnorderedList"), "insertUnorderedList"],
  ["Lista numerada", "1. Lista", () => run("insertOrderedList"), "insertOrderedList"],
  ["Cita", "Cita", () => run("formatBlock", "<blockquote>"), ""],
  ["Enlace, o quitarlo", "Enlace", link, ""],
  ["Insertar una tabla", "Tabla", (editor) => editor.insert(TABLE), ""],
  ["Agregar una fila a la tabla", "+ Fila", row, ""],
  ["Deshacer", "Deshacer", () => run("undo"), ""],
];

function press(buttons) {
  buttons.forEach((button) => {
    const state = button.dataset.state;
    if (state) button.setAttribute("aria-pressed", String(document.queryCommandState(state)));
  });
}

function move(event, buttons) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = buttons.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

export function toolsOf(editor) {
  const bar = document.createElement("div");
  bar.className = "paper-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Formato del texto");
  const buttons = TOOLS.map(([name, text, act, state]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: text, title: name });
    button.setAttribute("aria-label", name);
    if (state) Object.assign(button.dataset, { state });
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
    button.addEventListener("click", () => { editor.box.focus(); act(editor); press(buttons); });
    return button;
  });
  bar.append(...buttons);
  bar.addEventListener("keydown", (event) => move(event, buttons));
  document.addEventListener("selectionchange", () => editor.box.contains(window.getSelection().anchorNode) && press(buttons));
  return bar;
}
