// Lists: J and K move over the rows, X ticks, Shift+X (or Shift+click) ticks a range, the count of ticks is shown.
import { $, $$, visible, within } from "./dom.js";
import { onKeys } from "./keys.js";

let lastTicked = null;

const rows = () => $$("[data-row]").filter(visible);
export const current = () => document.activeElement?.closest("[data-row]") ?? null;
const box = (row) => $("input[type=checkbox]", row);
const handle = (row) => $(".t a[href]", row) ?? $("a[href]", row) ?? box(row);

function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  const target = all[next] && handle(all[next]);
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

function setTick(row, ticked) {
  const one = box(row);
  if (!one || one.checked === ticked) return;
  one.checked = ticked;
  one.dispatchEvent(new Event("change", { bubbles: true }));
}

export function tick(row) {
  if (!row || !box(row)) return false;
  setTick(row, !box(row).checked);
  lastTicked = row;
  return true;
}

export function tickRange(row) {
  if (!row || !box(row)) return false;
  const all = rows();
  const from = lastTicked?.isConnected ? all.indexOf(lastTicked) : all.indexOf(row);
  const [low, high] = [from, all.indexOf(row)].sort((a, b) => a - b);
  all.slice(low, high + 1).forEach((one) => setTick(one, true));
  lastTicked = row;
  return true;
}

function count(form) {
  const out = form && $("[data-count]", form);
  if (out) out.textContent = `${$$("[data-row] input[type=checkbox]:checked", form).length} ticked`;
}

document.addEventListener("change", (event) => {
  if (within(event, "[data-row] input[type=checkbox]")) count(event.target.form);
});
document.addEventListener("reset", (event) => setTimeout(count, 0, event.target));
document.addEventListener("click", (event) => {
  const ticked = within(event, "[data-row] input[type=checkbox]");
  if (!ticked) return;
  const row = ticked.closest("[data-row]");
  if (event.shiftKey && ticked.checked) tickRange(row);
  else lastTicked = row;
});

const isPlainList = () => !$("#text, #rows") && $("[data-row]") !== null;

onKeys({ "j": () => move(1), "k": () => move(-1) }, isPlainList);
onKeys({ "x": () => tick(current()), "shift+x": () => tickRange(current()) }, () => isPlainList() && !$("#bulk"));
