// What stands beside the editor (how far the section is, whether it can be declared ready), as the last save left it.
const shown = new Map();

export function refresh(panel) {
  Object.entries(panel).forEach(([name, html]) => {
    const place = document.querySelector(`[data-pes-panel="${name}"]`);
    if (!place || shown.get(name) === html) return;
    shown.set(name, html);
    const hadFocus = place.contains(document.activeElement);
    place.innerHTML = html; // made by our own template
    if (hadFocus) place.querySelector("button")?.focus();
  });
}
