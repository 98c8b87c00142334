// Puts nodes into the editor without the browser's own insertHTML, which breaks captions and adds inline styles.
export function fragmentOf(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

function blockHere(box) {
  let block = window.getSelection().anchorNode;
  if (!box.contains(block)) return null;
  while (block && block.parentNode !== box) block = block.parentNode;
  return block === box ? null : block;
}

function caretIn(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  range.collapse(false);
  window.getSelection().removeAllRanges();
  window.getSelection().addRange(range);
}

export function placeBlocks(box, fragment) {
  const rest = document.createElement("p");
  rest.append(document.createElement("br"));
  const here = blockHere(box);
  const nodes = [...fragment.children, rest];
  if (here) here.after(...nodes);
  else box.append(...nodes);
  if (here && !here.textContent.trim() && !here.querySelector?.("figure, table, img")) here.remove();
  caretIn(rest);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function placeClean(box, html) {
  const fragment = fragmentOf(html);
  const only = fragment.children.length === 1 && fragment.firstElementChild.tagName === "P" ? fragment.firstElementChild : null;
  const chosen = window.getSelection();
  if (!only || !chosen.rangeCount || !box.contains(chosen.anchorNode)) return placeBlocks(box, fragment);
  const range = chosen.getRangeAt(0);
  range.deleteContents();
  const words = fragmentOf(only.innerHTML);
  const last = words.lastChild;
  range.insertNode(words);
  if (last) {
    range.setStartAfter(last);
    range.collapse(true);
  }
  return box.dispatchEvent(new Event("input", { bubbles: true }));
}
