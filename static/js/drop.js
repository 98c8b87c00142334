// data-pes-drop around a file input: files dragged over the box are put into the input, and listed.
const zone = (event) => event.target.closest?.("[data-pes-drop]");

function list(box) {
  const input = box.querySelector("input[type=file]");
  const items = [...input.files].map((file) => {
    const item = document.createElement("li");
    const size = (file.size / 1048576).toLocaleString("es-CO", { maximumFractionDigits: 1 });
    item.textContent = `${file.name} (${size} MB)`;
    return item;
  });
  box.querySelector(".drop-files").replaceChildren(...items);
}

document.addEventListener("change", (event) => zone(event) && list(zone(event)));
document.addEventListener("dragover", (event) => {
  if (!zone(event)) return;
  event.preventDefault();
  zone(event).classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  const box = zone(event);
  if (box && !box.contains(event.relatedTarget)) box.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const box = zone(event);
  if (!box) return;
  event.preventDefault();
  box.classList.remove("is-over");
  const input = box.querySelector("input[type=file]");
  const chosen = new DataTransfer();
  for (const file of event.dataTransfer.files) if (input.multiple || !chosen.files.length) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// What was chosen before this script arrived is listed too.
document.querySelectorAll("[data-pes-drop]").forEach(list);
