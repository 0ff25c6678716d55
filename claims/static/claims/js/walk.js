// The walk through a new draft: to the next or previous passage, and what became of the one at hand by digit.
import { $, $$, press } from "./dom.js";
import { onKeys } from "./keys.js";

function choose(number) {
  const radio = $$("[data-walk=form] input[name=decision]")[number - 1];
  if (!radio) return false;
  radio.click();
  // What the choice is nothing without is typed next; Ctrl+Enter sends the form from either. Esc gives the keys back.
  const { leads } = $(`[data-when=${radio.value}][data-leads]`, radio.form)?.dataset ?? {};
  (radio.form.elements[leads] ?? radio).focus();
  return true;
}

const digits = Object.fromEntries([1, 2, 3, 4].map((number) => [String(number), () => choose(number)]));

onKeys({
  ...digits,
  "j": () => press("[data-walk=next]"),
  "k": () => press("[data-walk=previous]"),
}, () => $(".walk") !== null);
