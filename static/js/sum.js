// data-pes-sum="100,00" on a box inside a form: adds the form's [data-pes-addend] inputs exactly (in
// hundredths, as integers) and says how far the sum is from the target. The server decides; this only helps.
const NUMBER = /^\s*(\d+)(?:[.,](\d{1,2}))?\s*%?\s*$/;

function hundredths(text) {
  const found = NUMBER.exec(text);
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

function spanish(value) {
  const digits = String(Math.abs(value)).padStart(3, "0");
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
}

function refresh(form) {
  for (const box of form.querySelectorAll("[data-pes-sum]")) {
    let total = 0;
    let unreadable = 0;
    let typed = 0;
    for (const input of form.querySelectorAll("[data-pes-addend]")) {
      if (!input.value.trim()) continue;
      typed += 1;
      const value = hundredths(input.value);
      if (value === null) unreadable += 1;
      else total += value;
    }
    const missing = hundredths(box.dataset.pesSum) - total;
    const balanced = missing === 0 && unreadable === 0;
    box.dataset.balanced = String(balanced);
    box.querySelector("[data-pes-total]").textContent = spanish(total);
    box.querySelector("[data-pes-difference]").textContent = unreadable
      ? `Hay ${unreadable} valor(es) que no se leen como número: escriba, por ejemplo, 28,33.`
      : balanced ? "Suma exacta." : `${missing > 0 ? "Faltan" : "Sobran"} ${spanish(missing)} para ${box.dataset.pesSum}.`;
    box.hidden = typed === 0 && "optional" in box.dataset;
  }
}

for (const box of document.querySelectorAll("[data-pes-sum]")) refresh(box.closest("form"));

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-pes-addend]")) refresh(event.target.form);
});
