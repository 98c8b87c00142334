// What is typed in a goal and not saved, kept in this browser per person and goal until the server has it.
const WEEK = 7 * 24 * 3600 * 1000;
const owner = document.documentElement.dataset.user ?? "nadie";
const keyOf = (form) => `pes-report:${owner}:${window.location.pathname}:${form.elements.goal.value}`;
export const wasOf = (form, name) => form.elements[`was_${name}`];
export const namesIn = (form) => [...form.elements].map((box) => box.name).filter((name) => name && wasOf(form, name));

// Fields whose box differs from what the server was seen to hold.
export function dirtyIn(form) {
  return namesIn(form).filter((name) => form.elements[name].value !== wasOf(form, name).value);
}

export function keep(form) {
  const fields = dirtyIn(form).map((name) => [name, { was: wasOf(form, name).value, value: form.elements[name].value }]);
  if (fields.length) localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields }));
  else localStorage.removeItem(keyOf(form));
}

export function forget(form) {
  localStorage.removeItem(keyOf(form));
}

// What an earlier visit left, unless the report holds it already; a week later it is forgotten.
export function left(form) {
  const found = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (!found) return null;
  const fields = found.fields.filter(([name, { value }]) => form.elements[name] && form.elements[name].value !== value);
  if (fields.length && Date.now() - found.at < WEEK) return { at: found.at, fields };
  forget(form);
  return null;
}
