// The captured text of a document: words selected in it go into the field of the quote.
import { $ } from "./dom.js";
import { passage } from "./selection.js";

const SETTLED = 250; // ms without change after which a selection counts as made

let settling;
document.addEventListener("selectionchange", () => {
  const field = $("[data-quote]");
  if (!field || !$("#captured")) return;
  clearTimeout(settling);
  settling = setTimeout(() => {
    const selection = getSelection();
    if (selection.isCollapsed || !$("#captured").contains(selection.anchorNode)) return;
    const found = passage(selection.getRangeAt(0));
    if (!found) return;
    field.value = found.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, SETTLED);
});
