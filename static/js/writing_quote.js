// data-pes-quote on the form of comments: the passage chosen in the text becomes its quotation.
const form = document.querySelector("form[data-pes-quote]");
const reading = document.querySelector(".paper-reading");

document.addEventListener("selectionchange", () => {
  const chosen = window.getSelection();
  const words = chosen.toString().replace(/\s+/g, " ").trim();
  if (!words || words.length > 500 || !reading?.contains(chosen.anchorNode)) return;
  form.elements.quote.value = words;
});
