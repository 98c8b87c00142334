// data-pes-report: the goals of a quarterly report save themselves while they are written, one after another.
// Without it, each goal has its own button. What could not be saved stays in this browser and is offered again.
import { showLeft } from "./report_left.js";
import { recoverIn } from "./report_recover.js";
import { saverOf } from "./report_saver.js";

const root = document.querySelector("[data-pes-report]");
const status = root.querySelector("[data-pes-report-status]");

function wire() {
  let turn = Promise.resolve();
  const page = {
    root,
    savers: [],
    // state: saved | saving | unsaved | wrong
    tell(state, words) {
      status.dataset.state = state;
      status.textContent = words;
    },
    inTurn(act) { turn = turn.then(act); return turn; },
    get busy() { return page.savers.some((saver) => saver.busy()); },
    refresh(html) {
      const bar = root.querySelector("[data-pes-report-bar]");
      const wasOpen = bar.querySelector("details")?.open;
      bar.innerHTML = html;
      if (wasOpen) bar.querySelector("details")?.setAttribute("open", "");
    },
  };
  root.querySelector("[data-pes-report-strip]").hidden = false;
  for (const form of root.querySelectorAll("[data-pes-report-form]")) {
    form.querySelector("[data-pes-report-button]").hidden = true;
    const saver = saverOf(form, page);
    page.savers.push(saver);
    recoverIn(form, saver);
    if (saver.busy()) form.dispatchEvent(new Event("input")); // typed before this script came
  }
  window.addEventListener("online", () => page.savers.forEach((saver) => saver.save()));
  window.addEventListener("beforeunload", (event) => { if (page.busy) event.preventDefault(); });
  root.addEventListener("pes:evidence", (event) => page.savers.find(({ goal }) => goal.contains(event.target))?.look());
  // The way to the sending waits until everything is saved: what is sent is what is stored.
  root.addEventListener("click", async (event) => {
    const link = event.target.closest(".report-send a");
    if (!link || !page.busy) return;
    event.preventDefault();
    await Promise.all(page.savers.map((saver) => saver.save()));
    if (!page.busy) window.location.assign(link.href);
  });
}

// A link to what is missing may point into a folded goal.
function unfold() {
  const target = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
  const folded = target && (target.querySelector(":scope > details") ?? target.closest("details"));
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView();
}

if (root.dataset.save) wire();
else showLeft(root);
window.addEventListener("hashchange", unfold);
unfold();
