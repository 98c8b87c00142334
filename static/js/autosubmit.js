// data-pes-autosubmit on a GET form: sends it when a select is changed with the mouse or a finger. Arrow keys
// also fire "change" on the way to the wanted option, so keyboards use the button, shown when it has the focus.
let pointed = false;

for (const form of document.querySelectorAll("form[data-pes-autosubmit]")) form.classList.add("is-auto");

document.addEventListener("pointerdown", () => { pointed = true; }, true);
document.addEventListener("keydown", () => { pointed = false; }, true);
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-pes-autosubmit]");
  if (pointed && form && event.target.matches("select")) form.requestSubmit();
});
