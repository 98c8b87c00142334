// Live tables in the editor: a labelled place that moves and goes as one thing; only its key is sent.
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

  function insertWith(editor) {
    list.addEventListener("change", () => {
      const key = list.value;
      list.value = "";
      if (!key) return;
      const place = document.createElement("figure");
      place.dataset.live = key;
      const after = document.createElement("p");
      after.append(document.createElement("br"));
      const here = window.getSelection().anchorNode;
      let block = box.contains(here) ? here : null;
      while (block && block.parentNode !== box) block = block.parentNode;
      if (block) block.after(place, after);
      else box.append(place, after);
      dress();
      editor.box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    box.addEventListener("input", dress);
  }

  dress();
  return { dress, plain, insertWith };
}
