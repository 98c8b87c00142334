// data-pes-evidence: the evidence of a goal. Files chosen, or dropped on the goal (data-pes-evidence-goal, or the box),
// go up by themselves; its small forms answer in place. "pes:evidence" is told when a list changes.
import { enqueue, show } from "./evidence_queue.js";
import { send } from "./evidence_send.js";

const ZONES = "[data-pes-evidence-goal], [data-pes-evidence]";
const formIn = (zone) => zone?.querySelector("form[data-pes-evidence-drop]");
const zoneOf = (event) => event.target.closest?.("[data-pes-evidence-goal]") ?? event.target.closest?.(ZONES);
const isFiles = (event) => event.dataTransfer?.types.includes("Files");

function enliven() {
  for (const form of document.querySelectorAll("form[data-pes-evidence-drop]:not(.is-live)")) {
    form.classList.add("is-live");
    form.querySelector("input[type=file]").multiple = true;
  }
}

function take(form, files) {
  const section = form.closest("[data-pes-evidence]");
  for (const file of files) enqueue(section, form, file);
}

function mark(zone) {
  document.querySelectorAll(".is-over").forEach((box) => box !== zone && box.classList.remove("is-over"));
  zone?.classList.add("is-over");
}

function tell(form, problems) {
  const said = Object.assign(document.createElement("p"), { className: "field-error", textContent: problems.join(" ") });
  said.setAttribute("role", "alert");
  form.querySelector(":scope > .field-error")?.remove();
  form.append(said);
}

async function answerInPlace(form, submitter) {
  const section = form.closest("[data-pes-evidence]");
  const data = new FormData(form, submitter);
  if (submitter) submitter.disabled = true;
  const answer = await send(form.action, data);
  if (submitter) submitter.disabled = false;
  if (answer.list === undefined) return tell(form, answer.problems);
  form.reset();
  form.querySelector(":scope > .field-error")?.remove();
  show(section, answer.list);
  if (!form.isConnected) section.querySelector("summary, input")?.focus();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-pes-evidence-drop]");
  if (!form || event.target.type !== "file") return;
  take(form, [...event.target.files]);
  event.target.value = "";
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("form[data-pes-evidence-form]")) return;
  event.preventDefault();
  answerInPlace(event.target, event.submitter);
});
document.addEventListener("dragover", (event) => {
  if (!isFiles(event) || event.target.closest?.("[data-pes-drop]")) return;
  event.preventDefault(); // a file dropped beside the goal must not replace the page
  const zone = zoneOf(event);
  event.dataTransfer.dropEffect = formIn(zone) ? "copy" : "none";
  mark(formIn(zone) && zone);
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
document.addEventListener("drop", (event) => {
  mark(null);
  if (!isFiles(event) || event.target.closest?.("[data-pes-drop]")) return;
  event.preventDefault();
  const form = formIn(zoneOf(event));
  if (form) take(form, [...event.dataTransfer.files]);
});
document.addEventListener("htmx:afterSettle", enliven);
enliven();
