// Coding a passage: offsets in Unicode code points from the selection, one form, htmx swaps blocks.
// The text is never edited here.
const zone = document.querySelector("[data-coding]");
const form = document.getElementById("coder");
const shown = form.querySelector("[data-quote-shown]");
const field = (name) => form.elements.namedItem(name);

const textOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".coding-text");

function offsetOf(block, node, at) {
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(node, at);
  return Number(block.dataset.start) + [...range.toString()].length;
}

// A passage lies in one block. A triple click ends at the start of what follows its block, and a
// hand slips over an edge: what lies outside the first block that is touched is left out.
function selection() {
  const chosen = document.getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
  const range = chosen.getRangeAt(0).cloneRange();
  const block =
    textOf(range.startContainer) ?? [...zone.querySelectorAll(".coding-text")].find((text) => range.intersectsNode(text));
  if (!block || !zone.contains(block)) return null;
  if (!block.contains(range.startContainer)) range.setStart(block, 0);
  if (!block.contains(range.endContainer)) range.setEnd(block, block.childNodes.length);
  const start = offsetOf(block, range.startContainer, range.startOffset);
  const end = offsetOf(block, range.endContainer, range.endOffset);
  return end > start ? { start, end, quote: range.toString() } : null;
}

function open(passage) {
  field("start").value = passage.start;
  field("end").value = passage.end;
  field("quote").value = passage.quote;
  shown.textContent = passage.quote;
  form.hidden = false;
}

function close() {
  form.hidden = true;
  field("code").value = "";
  field("memo").value = "";
  document.getSelection()?.removeAllRanges();
}

document.addEventListener("selectionchange", () => {
  const passage = selection();
  if (passage) open(passage);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !form.hidden) close();
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select") || form.hidden) return;
  event.preventDefault();
  field("code").focus();
});

form.querySelector("[data-cancel]").addEventListener("click", close);

// A refusal (409, 422) comes with the fresh block and a sentence; the form stays open.
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === form && event.detail.xhr.status < 300) close();
});
