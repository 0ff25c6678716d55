// Triage: step through the undecided sentences, decide by key, narrow a quote by selecting, see what others decide.
// Nothing is ever decided about a sentence that the panel does not show: keys wait until it has come.
import { select } from "./document.js";
import { $, $$, press, within } from "./dom.js";
import { onKeys } from "./keys.js";
import { current, tick, tickRange } from "./lists.js";
import { passage } from "./selection.js";

const SETTLED = 300; // ms without change after which a selection counts as made

let busy = ""; // "get" or "post" while the panel waits for an answer
let asked = null; // the request that it waits for
let wanted = ""; // the sentence that is on its way to the panel
let waiting = null; // what a key asked for meanwhile
let onward = false; // J at the end of the list: step on once more rows have come

const shown = () => $("#panel [data-selected]")?.dataset.selected ?? "";
const rowOf = (key) => document.getElementById(`row-${key.slice(1)}`);
const linkOf = (row) => $("a.t", row);
const sentenceRows = () => $$("#rows > [data-row]");

/** Do it now, or once the sentence on its way has come; not at all while a decision is being sent. */
function once(act) {
  if (busy === "get") waiting = act;
  else if (!busy) return act();
  return true;
}

function go(row) {
  const link = linkOf(row);
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  wanted = link.dataset.claim;
  select(wanted);
  link.click();
}

function move(by) {
  if (busy === "post") return true;
  const rows = sentenceRows();
  const at = rows.indexOf(rowOf(wanted || shown()));
  const open = (row) => row.dataset.decided === undefined;
  const ahead = by > 0 ? rows.slice(at + 1) : rows.slice(0, at < 0 ? rows.length : at).reverse();
  const next = ahead.find(open);
  if (next) go(next);
  else if (by > 0) onward = press("#more a");
  return true;
}

const decide = (name) => once(() => press(`#panel [data-act=${name}]`));

function openSheet() {
  const panel = $("#panel");
  if (getComputedStyle(panel).position === "fixed" && !panel.hasAttribute("data-open")) press("[data-grip]", panel);
}

function claim() {
  const field = $("#claim-form [name=assertion]");
  if (!field) return false;
  openSheet();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  return true;
}

function note() {
  const details = $("#note");
  if (!details) return false;
  openSheet();
  details.open = true;
  $("textarea", details).focus();
  return true;
}

/** From the current row to the panel; everywhere else Enter does what it always does: it opens the row it is on. */
function toPanel() {
  const active = document.activeElement;
  const isHere = active === document.body || active.id === "main" || active.dataset.claim === shown();
  if (!isHere) return false;
  openSheet();
  $("#panel").focus();
  return true;
}

onKeys({
  "j": () => move(1),
  "k": () => move(-1),
  "a": () => once(claim),
  "o": () => decide("opinion"),
  "p": () => decide("prediction"),
  "c": () => decide("common_knowledge"),
  "x": () => decide("no_fact"),
  "n": () => once(note),
  "t": () => tick(rowOf(wanted || shown())),
  "shift+t": () => tickRange(rowOf(wanted || shown())),
  "b": () => press("[data-act=bulk]"),
  "enter": toPanel,
}, () => $("#rows") !== null);

// The preview of a decision on many: the same keys choose it, and tick.
const choose = (name) => () => press(`#bulk [data-act=${name}]`);

onKeys({
  "o": choose("opinion"),
  "p": choose("prediction"),
  "c": choose("common_knowledge"),
  "x": choose("no_fact"),
  "t": () => tick(current()),
  "shift+t": () => tickRange(current()),
}, () => $("#bulk") !== null);

document.addEventListener("click", (event) => {
  if (!within(event, "#panel a[data-act=claim]")) return;
  event.preventDefault();
  claim();
});

const forPanel = (event) => event.detail.target?.id === "panel";

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig, xhr } = event.detail;
  if (elt.id === "pulse" && (busy || document.hidden)) event.preventDefault();
  if (!forPanel(event)) return;
  [busy, asked] = [requestConfig.verb, xhr];
  wanted = busy === "get" ? elt.dataset.claim ?? "" : "";
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr === asked && !event.detail.successful) [busy, wanted, waiting] = ["", "", null];
  if (event.detail.elt.id === "pulse" && event.detail.signedOut) event.detail.elt.remove();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!$("#rows")) return;
  takeChanges();
  if (onward && event.detail.target?.id === "more") { onward = false; move(1); }
  if (forPanel(event)) arrived();
});

/** The panel shows what was asked for: bring its row into view, and do what a key asked for meanwhile. */
function arrived() {
  if (wanted && wanted !== shown()) return; // J was pressed again: another is on its way
  const row = rowOf(shown());
  const act = waiting;
  [busy, wanted, waiting] = ["", "", null];
  row?.scrollIntoView({ block: "nearest" });
  if (!row && $("#panel [data-listed]")) press("#more a");
  act?.();
}

/** Put the rows that changed in their places, without taking the focus from anything that stays. */
function takeChanges() {
  for (const change of $$("#changes > [data-change]")) {
    const old = document.getElementById(change.dataset.of);
    const hadFocus = old?.contains(document.activeElement);
    settle(change, old);
    if (hadFocus) (linkOf(document.getElementById(change.dataset.of) ?? rowOf(shown()) ?? $("#panel")) ?? $("#panel")).focus({ preventScroll: true });
  }
  $("#changes")?.replaceChildren();
}

function settle(change, old) {
  const kind = change.dataset.change;
  if (kind === "gone") { old?.remove(); return; }
  if (kind === "decided" && !old) return;
  change.id = change.dataset.of;
  delete change.dataset.change;
  if (linkOf(change).dataset.claim === shown()) linkOf(change).setAttribute("aria-current", "true");
  if (old) { keepTick(old, change); old.replaceWith(change); return; }
  const behind = sentenceRows().find((row) => comesBefore(change, row)) ?? $("#more");
  if (behind) behind.before(change);
  else $("#rows").append(change);
}

function keepTick(old, row) {
  const [was, is] = [old, row].map((one) => $("input[type=checkbox]", one));
  if (was && is) is.checked = was.checked;
}

function comesBefore(one, other) {
  const inText = Number(one.dataset.number) - Number(other.dataset.number);
  if ($("#rows").dataset.order === "text") return inText < 0;
  return (Number(other.dataset.rank) - Number(one.dataset.rank) || inText) < 0;
}

document.addEventListener("visibilitychange", () => {
  const pulse = $("#pulse");
  if (pulse && !document.hidden) htmx.trigger(pulse, "look");
});

// That the page asks what others did is nobody's business while it fails: the next time may succeed.
for (const type of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(type, (event) => { if (event.detail.elt.id === "pulse") event.stopPropagation(); }, true);
}

/** Selecting words of the paragraph makes them the quote, and the assertion too as long as nobody has changed it. */
function narrow() {
  const form = $("#claim-form");
  const selection = getSelection();
  if (!form || selection.isCollapsed || !selection.rangeCount) return;
  const found = passage(selection.getRangeAt(0));
  if (!found) return;
  const { start, end, quote, assertion } = form.elements;
  const untouched = assertion.value === (assertion.dataset.filled ?? assertion.defaultValue);
  [start.value, end.value, quote.value] = [found.start, found.end, found.text];
  if (untouched) assertion.value = assertion.dataset.filled = found.text;
}

let settling;
document.addEventListener("selectionchange", () => {
  if (!$("#context")?.contains(getSelection().anchorNode)) return;
  clearTimeout(settling);
  settling = setTimeout(narrow, SETTLED);
});
