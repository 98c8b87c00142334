// What the server answers about a goal, on the page: figures as the rules computed them, what is missing, what is wrong.
import { dirtyIn, namesIn, wasOf } from "./report_kept.js";

export function showIn(form, goal, page) {
  const boxOf = (name) => form.elements[name].closest(".field");

  function complain(messages) {
    form.querySelector(":scope > [data-pes-report-error]")?.remove();
    if (!messages.length) return;
    const box = document.createElement("div");
    box.className = "notice notice-risk";
    box.dataset.pesReportError = "";
    box.setAttribute("role", "alert");
    box.textContent = messages.join(" ");
    form.prepend(box);
  }

  function mark(name, message) {
    const [field, input] = [boxOf(name), form.elements[name]];
    field.querySelector(".field-error")?.remove();
    field.classList.toggle("has-error", Boolean(message));
    input.toggleAttribute("aria-invalid", Boolean(message));
    if (!message) return;
    const words = document.createElement("span");
    words.className = "field-error";
    words.id = `${input.id}_error`;
    words.setAttribute("role", "alert");
    words.textContent = message;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", `${input.id}_helptext ${words.id}`);
    (input.closest(".field-unit") ?? input).before(words);
  }

  // A box that the person has not touched since takes what the report holds now, also if somebody else wrote it.
  function settle(fields, sent, refused) {
    for (const [name, text] of Object.entries(fields)) {
      const box = form.elements[name];
      if (!box || refused.has(name)) continue;
      const untouched = box.value === (sent[name] ?? wasOf(form, name).value);
      wasOf(form, name).value = text;
      if (untouched && document.activeElement !== box) box.value = text;
    }
  }

  function ask(asked) {
    for (const place of form.querySelectorAll("[data-pes-report-field]")) {
      const name = place.dataset.pesReportField;
      const why = place.querySelector("[data-pes-report-why]");
      const waits = name === "delay_causes" || name === "explanation";
      why.hidden = !(waits && asked[name]); // what is asked and already there needs no sentence
      why.lastElementChild.textContent = asked[name] ?? "";
      place.hidden = waits && !(name in asked) && !form.elements[name].value;
      place.querySelector(".optional")?.toggleAttribute("hidden", name in asked);
    }
  }

  function apply(data, sent) {
    const ofFields = data.errors.filter(({ field }) => field !== "__all__");
    const refused = new Set([...ofFields, ...data.conflicts].map(({ field }) => field));
    const whole = data.conflicts.length ? [] : data.errors.filter(({ field }) => field === "__all__");
    namesIn(form).forEach((name) => mark(name, ofFields.find(({ field }) => field === name)?.message ?? ""));
    complain(whole.map(({ message }) => message));
    if (!whole.length) settle(data.fields, sent, refused);
    ask(data.asked);
    goal.querySelector("[data-pes-report-figures]").innerHTML = data.figures;
    goal.querySelector("[data-pes-report-state]").innerHTML = data.state;
    goal.classList.toggle("is-unsaved", dirtyIn(form).length > 0);
    page.refresh(data.bar);
  }

  return { apply, complain };
}
