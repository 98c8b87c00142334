// What is typed in a central area's table and not saved, kept in this browser per person and table; a week later it goes.
const WEEK = 7 * 24 * 3600 * 1000;
const owner = document.documentElement.dataset.user ?? "nadie";
const KEY = `pes-central:${owner}:${window.location.pathname}`;
export const wasOf = (box) => box.closest("tr").querySelector(`[name="${box.name.replace("-", "-was_")}"]`);

export function keep(boxes) {
  const fields = boxes.map((box) => [box.name, { was: wasOf(box).value, value: box.value }]);
  if (fields.length) localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
  else localStorage.removeItem(KEY);
}

// Puts back what an earlier visit left, with what was seen then: if somebody else wrote meanwhile, saving shows both.
export function recover(root) {
  const found = JSON.parse(localStorage.getItem(KEY) ?? "null");
  if (!found || Date.now() - found.at > WEEK) return 0;
  const boxes = found.fields.map(([name, kept]) => [root.querySelector(`[name="${name}"]`), kept]);
  const lost = boxes.filter(([box, kept]) => box && box.value !== kept.value);
  for (const [box, { was, value }] of lost) {
    box.value = value;
    wasOf(box).value = was;
  }
  return lost.length;
}
