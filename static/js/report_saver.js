// One goal's form and its way to the server: it waits for a pause, sends, and tries again while there is no connection.
import { post, tokenOf } from "./grid_send.js";
import { conflictsIn } from "./report_conflicts.js";
import { dirtyIn, keep } from "./report_kept.js";
import { look } from "./report_look.js";
import { showIn } from "./report_show.js";

const PAUSE = 1200; // milliseconds without typing
const WAITS = [2, 4, 8, 15, 30]; // seconds between attempts

export function saverOf(form, page) {
  const goal = form.closest("[data-pes-report-goal]");
  const show = showIn(form, goal, page);
  const conflicts = conflictsIn(form, page, () => save());
  let [timer, tries, stopped] = [0, 0, false];

  function body() {
    const data = new FormData(form);
    conflicts.waiting().forEach((name) => data.delete(name)); // the person has not decided yet
    return data;
  }

  function later() {
    const wait = WAITS[Math.min(tries, WAITS.length - 1)];
    tries += 1;
    page.tell("unsaved", `Sin guardar: no hay conexión. Se intenta otra vez en ${wait} s`);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait * 1000);
  }

  function expire(status) {
    stopped = true;
    page.tell("unsaved", "Sin guardar");
    const why = status ? "El servidor ya no acepta lo que usted escribe aquí." : "Su sesión terminó.";
    show.complain([`${why} Lo que escribió está en este navegador: vuelva a cargar la página y se le ofrece otra vez.`]);
  }

  function hear(kind, data, sent) {
    if (kind === "offline") return later();
    if (kind === "expired") return expire(data.status);
    if (!data.fields) return show.complain(["No se guardó. Vuelva a cargar la página."]);
    tries = 0;
    show.apply(data, sent);
    conflicts.ask(data.conflicts);
    keep(form);
    if (kind === "saved" && !conflicts.waiting().length) page.tell("saved", data.saved);
    else page.tell("wrong", `Meta ${goal.dataset.pesReportGoal}: hay datos sin guardar`);
    return undefined;
  }

  async function send() {
    const names = dirtyIn(form).filter((name) => !conflicts.waiting().includes(name));
    if (stopped) return;
    if (!names.length) {
      if (!page.busy) page.tell("saved", "Todo está guardado");
      return;
    }
    page.tell("saving", "Guardando…");
    const data = body();
    const sent = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const { kind, data: answer } = await post(page.root.dataset.save, tokenOf(form), data);
    hear(kind, answer, sent);
  }

  function save() {
    window.clearTimeout(timer);
    return page.inTurn(send);
  }

  form.addEventListener("input", () => {
    keep(form);
    goal.classList.toggle("is-unsaved", dirtyIn(form).length > 0);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  form.addEventListener("change", save);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  return { goal, save, look: () => page.inTurn(() => look(form, page, show)), busy: () => !stopped && dirtyIn(form).length > 0 };
}
