// A claim, on its own page or in the panel of a document: verdict by digit, evidence, comment, take, submit.
import { $, $$, press, visible } from "./dom.js";
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

// On a merge page, editing the result chooses it.
document.addEventListener("input", ({ target }) => {
  const radio = target.closest(".merge .side")?.querySelector("input[type=radio]");
  if (radio && radio !== target) radio.checked = true;
});
