// Live tables in the editor: a labelled place that moves and goes as one thing; only its key is sent.
import { placeBlocks } from "./writing_place.js";

export function liveIn(form, box) {
  const list = form.querySelector("[data-pes-live]");
  const titles = new Map([...list.options].filter((one) => one.value).map((one) => [one.value, one]));
  const nameOf = (key) => titles.get(key)?.textContent.replace(/ \(ya está.*/, "") ?? key;

  function dress() {
    const placed = new Set();
    box.querySelectorAll("figure[data-live]").forEach((place) => {
      place.contentEditable = "false";
      place.textContent = `Se llena con los datos: ${nameOf(place.dataset.live)}`;
      placed.add(place.dataset.live);
    });
    titles.forEach((option, key) => { option.disabled = placed.has(key); });
  }

  function plain() {
    const copy = box.cloneNode(true);
    copy.querySelectorAll("figure[data-live]").forEach((place) => place.replaceChildren());
    return copy.innerHTML;
  }

  function listen() {
    list.addEventListener("change", () => {
      const key = list.value;
      list.value = "";
      if (!key) return;
      const place = document.createElement("figure");
      place.dataset.live = key;
      const fragment = document.createDocumentFragment();
      fragment.append(place);
      placeBlocks(box, fragment);
    });
    box.addEventListener("input", dress);
  }

  dress();
  return { dress, plain, listen };
}
