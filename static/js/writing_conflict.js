// Two people in one section: what differs, and the choice between one's own text and the stored one.
function button(words, tone, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: words, className: `btn btn-small ${tone}` });
  made.addEventListener("click", act);
  return made;
}

export function conflictIn(editor, { decided }) {
  let shown = null;

  function close() {
    shown?.remove();
    shown = null;
    editor.box.focus();
  }

  function ask({ revision, html, differences }) {
    shown?.remove();
    shown = document.createElement("div");
    shown.className = "notice notice-warn";
    shown.setAttribute("role", "alert");
    const body = document.createElement("div");
    body.className = "notice-body";
    const title = document.createElement("b");
    title.textContent = "Otra persona escribió en esta sección mientras usted la editaba";
    const words = document.createElement("p");
    words.textContent = "Tachado está lo guardado que usted no tiene; subrayado, lo que usted escribió. El texto que no elija queda en la historia o en esta página hasta que decida.";
    const between = document.createElement("div");
    between.innerHTML = differences; // made by our own template from escaped words
    const acts = document.createElement("p");
    acts.append(
      button("Guardar lo mío", "btn-primary", () => { close(); decided(revision); }),
      " ",
      button("Quedarme con lo guardado", "", () => { close(); editor.put(html); decided(revision); }),
    );
    body.append(title, words, between, acts);
    shown.append(body);
    editor.form.prepend(shown);
    shown.scrollIntoView({ block: "nearest" });
  }

  return { ask };
}
