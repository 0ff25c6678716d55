// A new claim from selected words. Positions are counted as the server counts them: in Unicode code points of the
// snapshot. A paragraph says where it starts (`data-start`); what is marked as not part of the text is not counted.
import { $, within } from "./dom.js";
import { onKeys } from "./keys.js";

const NOT_TEXT = ".ref, [data-skip]";
const EDGE = 12; // px kept free between popover and window
const SETTLED = 500; // ms without change after which a touch selection counts as made

const codePoints = (string) => [...string].length;

function* textNodes(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(NOT_TEXT)) yield walker.currentNode;
}

/** The parts of the text nodes inside the range: { from, text }, `from` in code points of the snapshot. */
function* pieces(range) {
  for (const paragraph of document.querySelectorAll("[data-start]")) {
    if (!range.intersectsNode(paragraph)) continue;
    let at = Number(paragraph.dataset.start);
    for (const node of textNodes(paragraph)) {
      if (range.intersectsNode(node)) {
        const low = node === range.startContainer ? range.startOffset : 0;
        const high = node === range.endContainer ? range.endOffset : node.length;
        if (high > low) yield { from: at + codePoints(node.data.slice(0, low)), text: node.data.slice(low, high), paragraph };
      }
      at += codePoints(node.data);
    }
  }
}

/** { start, end, text, paragraph } of the range without white space at its ends; null if nothing is left. */
export function passage(range) {
  const found = [...pieces(range)];
  while (found.length && !found.at(0).text.trim()) found.shift();
  while (found.length && !found.at(-1).text.trim()) found.pop();
  if (!found.length) return null;
  const first = found.at(0);
  const last = found.at(-1);
  const start = first.from + codePoints(first.text) - codePoints(first.text.trimStart());
  const end = last.from + codePoints(last.text.trimEnd());
  const text = found.map((piece, at) => (at && piece.paragraph !== found[at - 1].paragraph ? " " : "") + piece.text).join("");
  return { start, end, text: text.replace(/\s+/g, " ").trim(), paragraph: first.paragraph };
}

function fill(box, { start, end, text, paragraph }) {
  $("[name=start]", box).value = start;
  $("[name=end]", box).value = end;
  $("textarea", box).value = text;
  const where = $("[data-where]", box);
  if (where) where.textContent = `¶${paragraph.closest(".para").id.replace(/\D/g, "")}, characters ${start} to ${end}`;
}

function place(box, beside) {
  const left = Math.max(EDGE, Math.min(beside.left, innerWidth - box.offsetWidth - EDGE));
  const below = beside.bottom + 8;
  const fits = below + box.offsetHeight <= innerHeight - EDGE;
  const top = fits ? below : Math.max(EDGE, beside.top - box.offsetHeight - 8);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

/** Open the popover beside the selection. Returns whether there was one in the text. */
function claimFromSelection({ focus }) {
  const box = $("#new-claim");
  const selection = getSelection();
  if (!box || selection.isCollapsed || !selection.rangeCount) return false;
  const range = selection.getRangeAt(0);
  const found = passage(range);
  if (!found) return false;
  if (!box.matches(":popover-open")) box.showPopover();
  fill(box, found);
  place(box, range.getBoundingClientRect());
  if (focus) $("textarea", box).focus();
  return true;
}

function close() {
  const box = $("#new-claim");
  if (box?.matches(":popover-open")) box.hidePopover();
}

document.addEventListener("mouseup", (event) => {
  if (within(event, "#new-claim")) return;
  if (!within(event, "#text")) return;
  setTimeout(() => { if (!claimFromSelection({ focus: false })) close(); }); // a click collapses the selection only after mouseup
});

let settling;
document.addEventListener("selectionchange", () => {
  if (!matchMedia("(pointer: coarse)").matches) return;
  clearTimeout(settling);
  settling = setTimeout(() => {
    if ($("#text")?.contains(getSelection().anchorNode)) claimFromSelection({ focus: false });
  }, SETTLED);
});

document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
document.addEventListener("claim-created", close); // HX-Trigger of the server's answer

onKeys({ "n": () => claimFromSelection({ focus: true }) }, () => $("#new-claim") !== null);
