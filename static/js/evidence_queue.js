// Files on their way up, one at a time: what is finished stays, what is not is tried again. Each has its row.
import { send } from "./evidence_send.js";

const waiting = [];
let busy = false;

const element = (name, text = "", className = "") => Object.assign(document.createElement(name), { textContent: text, className });
const inUnits = (amount, unit) => `${amount.toLocaleString("es-CO", { maximumFractionDigits: 1 })} ${unit}`;
const weight = (bytes) => (bytes < 1048576 ? inUnits(Math.ceil(bytes / 1024), "KB") : inUnits(bytes / 1048576, "MB"));

function refusal(file, section) {
  const { limit, accept } = section.dataset;
  const suffix = `.${file.name.split(".").pop().toLowerCase()}`;
  if (!accept.split(",").includes(suffix)) return "No es de un formato que se reciba como evidencia.";
  if (!file.size) return "Está vacío.";
  return file.size > Number(limit) ? `Pesa más de ${weight(Number(limit))}.` : "";
}

function button(label, act) {
  const made = Object.assign(element("button", label, "btn btn-small"), { type: "button" });
  made.addEventListener("click", act);
  return made;
}

function row(file, section) {
  const item = element("li");
  const bar = Object.assign(element("progress"), { max: 1, value: 0 });
  const seen = file.name.replace(/[\p{Cc}\p{Cf}]/gu, ""); // no mark that turns the name around
  bar.setAttribute("aria-label", `Subiendo ${seen}`);
  const head = element("div");
  head.append(element("b", seen, "evidence-name"), element("small", weight(file.size), "muted"));
  item.append(head, bar, element("div"));
  section.querySelector("[data-pes-evidence-queue]").append(item);
  return { item, bar, foot: item.lastChild };
}

export function show(section, list) {
  section.querySelector("[data-pes-evidence-list]").innerHTML = list;
  section.dispatchEvent(new CustomEvent("pes:evidence", { bubbles: true }));
}

function stop(task, problems, again) {
  task.row.bar.hidden = true;
  task.row.foot.replaceChildren(element("span", problems.join(" "), "evidence-said"));
  if (again) task.row.foot.append(button("Reintentar", () => { task.row.foot.replaceChildren(); push(task); }));
  task.row.foot.append(button("Quitar", () => task.row.item.remove()));
}

async function next() {
  if (busy || !waiting.length) return;
  busy = true;
  const task = waiting.shift();
  const data = new FormData(task.form);
  data.set("file", task.file);
  data.set("began", new Date().toISOString());
  const answer = await send(task.form.action, data, (part) => { task.row.bar.value = part; });
  busy = false;
  if (answer.list === undefined) stop(task, answer.problems, answer.again);
  else { task.row.item.remove(); show(task.section, answer.list); }
  next();
}

function push(task) {
  Object.assign(task.row.bar, { hidden: false, value: 0 });
  waiting.push(task);
  next();
}

export function enqueue(section, form, file) {
  const task = { section, form, file, row: row(file, section) };
  const reason = refusal(file, section);
  if (reason) stop(task, [reason], false);
  else push(task);
}

addEventListener("beforeunload", (event) => { if (busy || waiting.length) event.preventDefault(); });
