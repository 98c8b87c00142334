// data-pes-draft="key" on a form: keeps what is typed in this browser until the server confirms it.
// A page with a success message after the form was sent is that confirmation; anything else (an
// expired session, a failed connection, a closed window) leaves the draft, which comes back with a notice.
const WEEK = 7 * 24 * 3600 * 1000;
const PENDING = "pes-draft-sent";
const owner = document.documentElement.dataset.user ?? "nadie";
const nameOf = (form) => `pes-draft:${owner}:${form.dataset.pesDraft}`;

function boxes(form) {
  return [...form.elements].filter((box) => box.name && !["password", "file", "hidden", "submit", "button"].includes(box.type));
}

function values(form) {
  return boxes(form).map((box) => [box.name, box.type === "checkbox" || box.type === "radio" ? `${box.value}=${box.checked}` : box.value]);
}

function restore(form, saved) {
  boxes(form).forEach((box, index) => {
    const [name, value] = saved[index] ?? [];
    if (name !== box.name) return;
    if (box.type === "checkbox" || box.type === "radio") box.checked = value.endsWith("=true");
    else box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function offerDiscard(form, at) {
  const notice = document.createElement("div");
  notice.className = "notice notice-warn";
  notice.setAttribute("role", "status");
  const when = new Date(at).toLocaleString("es-CO", { dateStyle: "long", timeStyle: "short" });
  const text = document.createElement("div");
  text.className = "notice-body";
  text.textContent = `Recuperamos lo que usted escribió el ${when} y no alcanzó a guardar.`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-small";
  button.textContent = "Descartar borrador";
  button.addEventListener("click", () => {
    localStorage.removeItem(nameOf(form));
    form.reset();
    boxes(form)[0]?.dispatchEvent(new Event("input", { bubbles: true }));
    notice.remove();
  });
  notice.append(text, button);
  form.prepend(notice);
}

function save(form) {
  localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), values: values(form) }));
}

function recover(form) {
  if ("pesDraftFresh" in form.dataset) return save(form); // the server has just filled it in: that is the newer one
  const kept = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
  if (!kept || Date.now() - kept.at > WEEK) return localStorage.removeItem(nameOf(form));
  if (form.querySelector("[aria-invalid=true]")) return;
  if (JSON.stringify(values(form)) === JSON.stringify(kept.values)) return;
  restore(form, kept.values);
  offerDiscard(form, kept.at);
}

const sent = sessionStorage.getItem(PENDING);
sessionStorage.removeItem(PENDING);
if (sent && document.querySelector("[data-pes-success]")) localStorage.removeItem(sent);
document.querySelectorAll("form[data-pes-draft]").forEach(recover);

document.addEventListener("input", (event) => event.isTrusted && event.target.form?.dataset.pesDraft && save(event.target.form));
document.addEventListener("submit", (event) => {
  if (event.target.dataset?.pesDraft) sessionStorage.setItem(PENDING, nameOf(event.target));
});
