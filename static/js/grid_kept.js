// What is typed and not saved, kept in this browser per person and plan; each window keeps its own.
const WEEK = 7 * 24 * 3600 * 1000;
const PREFIX = `pes-grid:${document.documentElement.dataset.user ?? "nadie"}:${window.location.pathname}:`;
const KEY = PREFIX + Date.now();

export function keep(batches) {
  if (batches.length) localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), batches }));
  else localStorage.removeItem(KEY);
}

// What other visits left behind, the oldest first; a week later it is forgotten.
export function left() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== KEY);
  const found = keys.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
  found.filter((one) => Date.now() - one.at > WEEK).forEach((one) => localStorage.removeItem(one.key));
  return found.filter((one) => Date.now() - one.at <= WEEK).sort((one, other) => one.at - other.at);
}
