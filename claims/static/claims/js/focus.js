// After a swap the focus stays where the reader was: on the successor of the element that had it, else on the target.
// When the target shows another record than before (`data-selected`), its fields are no successors: keys act again.
import { $ } from "./dom.js";

let lost = null; // { id, name } of the focused element that a swap is about to remove, { shown } beside it

const shownIn = (element) => $("[data-selected]", element)?.dataset.selected;

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  const inside = active && active !== document.body && event.detail.target?.contains(active);
  lost = inside ? { id: active.id, name: active.getAttribute("name"), target: event.detail.target.id, shown: shownIn(event.detail.target) } : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!lost) return;
  const scope = (lost.target && document.getElementById(lost.target)) || $("#main");
  const same = lost.shown === shownIn(scope);
  if (same && document.activeElement !== document.body) return; // htmx itself finds the successor by id
  const successor = (same && lost.id && document.getElementById(lost.id))
    || (same && lost.name && $(`[name="${CSS.escape(lost.name)}"]:not([type=hidden])`, scope))
    || $("[autofocus]", scope);
  lost = null;
  if (successor) successor.focus({ preventScroll: true });
  else { if (!scope.hasAttribute("tabindex")) scope.tabIndex = -1; scope.focus({ preventScroll: true }); }
});
