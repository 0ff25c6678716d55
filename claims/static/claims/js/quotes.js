// The captured text of a document: words selected in it go into the field of the quote, by mouse, touch or keyboard.
import { $ } from "./dom.js";
import { passage } from "./selection.js";

const SETTLED = 250; // ms without change after which a selection counts as made
const STEPS = {
  ArrowRight: ["forward", "word"],
  ArrowLeft: ["backward", "word"],
  ArrowDown: ["forward", "line"],
  ArrowUp: ["backward", "line"],
};

let settling;
let taken; // what was selected last: a field that takes the focus takes the selection away

const isIn = (text, selection) => selection.rangeCount > 0 && text.contains(selection.anchorNode) && text.contains(selection.focusNode);

function take() {
  clearTimeout(settling);
  const field = $("[data-quote]");
  const text = $("#captured");
  const selection = getSelection();
  if (!field || !text || selection.isCollapsed || !isIn(text, selection)) return;
  taken = selection.getRangeAt(0).cloneRange();
  const found = passage(taken);
  if (!found || field.value === found.text) return;
  field.value = found.text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  settling = setTimeout(take, SETTLED);
});

/** Select the word or line behind or before what is selected; the first time, the word where the quote begins. */
function step(selection, text, [direction, unit]) {
  if (!isIn(text, selection)) {
    selection.collapse($("mark", text) ?? $("[data-start]", text), 0);
  } else if (unit === "line") {
    selection.collapseToStart();
    selection.modify("move", direction, "line");
    selection.modify("move", "forward", "word"); // there and back: to where the word begins
    selection.modify("move", "backward", "word");
  } else if (direction === "forward") selection.collapseToEnd();
  else selection.collapseToStart();
  selection.modify("extend", unit === "line" ? "forward" : direction, "word");
  const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
  selection.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
}

function select(selection, range) {
  selection.removeAllRanges();
  selection.addRange(range);
}

function onArrow(event, text) {
  const selection = getSelection();
  if (!isIn(text, selection) && taken) select(selection, taken);
  const before = isIn(text, selection) ? selection.getRangeAt(0).cloneRange() : null;
  if (event.shiftKey && before) selection.modify("extend", ...STEPS[event.key]);
  else step(selection, text, STEPS[event.key]);
  if (before && !isIn(text, selection)) select(selection, before); // the text ends here
  selection.focusNode?.parentElement.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "captured" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (Object.hasOwn(STEPS, event.key)) onArrow(event, event.target);
  else if (event.key === "Enter") { take(); $("[data-quote]")?.focus(); }
  else return;
  event.preventDefault();
});
