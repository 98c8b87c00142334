// data-pes-paper-index: the index of a document begins closed where it would push the text off a phone's screen.
const index = document.querySelector("[data-pes-paper-index]");
index.open = window.matchMedia("(min-width: 62rem)").matches;
index.addEventListener("click", (event) => {
  if (event.target.closest("a") && !window.matchMedia("(min-width: 62rem)").matches) index.open = false;
});
