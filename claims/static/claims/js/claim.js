// A claim, on its own page or in the panel of a document: verdict by digit, evidence, comment, take, submit.
import { $, $$, press, visible, within } from "./dom.js";
import { onKeys } from "./keys.js";

function chooseVerdict(number) {
  const radio = $$("input[type=radio][name=verdict]").filter(({ form }) => visible(form))[number - 1];
  if (!radio || radio.disabled) return false;
  radio.click();
  // A verdict is nothing without its reason: the next thing typed is that. Esc gives the keys back.
  (radio.form.elements.rationale ?? radio).focus();
  return true;
}

function addEvidence() {
  const details = $$("details[data-add-evidence]").find(visible);
  if (!details) return false;
  details.open = true;
  $("input:not([type=hidden]), textarea, select", details)?.focus();
  return true;
}

function comment() {
  const field = $$("textarea[data-comment]").find(visible);
  field?.focus();
  return Boolean(field);
}

const digits = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [String(number), () => chooseVerdict(number)]));

onKeys({
  ...digits,
  "e": addEvidence,
  "m": comment,
  "i": () => press("[data-act=take]"),
  "r": () => press("[data-act=submit]"),
});

/** A link leads on to its quote: once it is pasted, and with Enter. What stands below it is the quote. */
function leadOn(link, isPasted) {
  const [, address, rest] = /^\s*(https?:\/\/\S+)[^\S\n]*(\n[^]*)?$/i.exec(link.value) ?? [];
  if (!address || (rest === undefined && !isPasted)) return;
  const { quote } = link.form.elements;
  link.value = address;
  quote.value = [rest?.trim(), quote.value].filter(Boolean).join("\n");
  quote.focus();
}

document.addEventListener("input", (event) => {
  const link = within(event, "textarea[data-link]");
  if (link) leadOn(link, event.inputType === "insertFromPaste");
});

// Enter sends a comment and Shift+Enter begins a line, except on a touch keyboard, which has no such Shift.
document.addEventListener("keydown", (event) => {
  const field = within(event, "textarea[data-enter-sends]");
  const isPlain = event.key === "Enter" && !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
  if (!field || !isPlain || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  if (!event.repeat) field.form.requestSubmit();
});

// On a merge page, editing the result chooses it.
document.addEventListener("input", ({ target }) => {
  const radio = target.closest(".merge .side")?.querySelector("input[type=radio]");
  if (radio && radio !== target) radio.checked = true;
});
