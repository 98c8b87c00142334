// data-pes-autosubmit on a GET form: sends it when a select changes. The button stays for keyboards
// that change a select while walking through it: it is only hidden where a change event means a choice.
for (const form of document.querySelectorAll("form[data-pes-autosubmit]")) form.classList.add("is-auto");

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-pes-autosubmit]");
  if (form && event.target.matches("select")) form.requestSubmit();
});
