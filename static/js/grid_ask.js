// A question in a native dialog: rows of (term, words) and buttons of (label, answer, tone). Esc answers null.
export function askIn(root) {
  const dialog = root.querySelector("[data-pes-grid-ask]");
  const [title, body, acts] = dialog.children;
  let answered = null;

  function line([term, words]) {
    const box = document.createElement("p");
    const name = document.createElement("b");
    name.textContent = term;
    const text = document.createElement("span");
    text.textContent = words;
    box.append(name, text);
    return box;
  }

  function choice([label, answer, tone = ""]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn${tone ? ` btn-${tone}` : ""}`;
    button.textContent = label;
    button.addEventListener("click", () => { const tell = answered; answered = null; dialog.close(); tell(answer); });
    return button;
  }

  dialog.addEventListener("close", () => { answered?.(null); answered = null; });

  return (question, rows, choices) => new Promise((answer) => {
    title.textContent = question;
    body.replaceChildren(...rows.map(line));
    acts.replaceChildren(...choices.map(choice));
    answered = answer;
    dialog.showModal();
  });
}
