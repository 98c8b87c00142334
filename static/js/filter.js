// data-pes-filter before a table: hides the rows that do not hold every word typed, accents apart.
const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

for (const tools of document.querySelectorAll("[data-pes-filter]")) tools.hidden = false;

document.addEventListener("input", (event) => {
  const tools = event.target.closest?.("[data-pes-filter]");
  if (!tools) return;
  const words = plain(event.target.value).split(/\s+/).filter(Boolean);
  const rows = [...tools.nextElementSibling.querySelectorAll("tbody > tr")];
  let shown = 0;
  for (const row of rows) {
    const text = plain(row.textContent);
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown += 1;
  }
  tools.querySelector("output").textContent = words.length ? `${shown} de ${rows.length} filas` : "";
});
