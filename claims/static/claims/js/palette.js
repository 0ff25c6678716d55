// The palette: a combobox over links that the server sends. Arrows move, Enter follows.
import { $, $$ } from "./dom.js";

const palette = $("#palette");
const input = palette && $("[role=combobox]", palette);
const options = () => $$("[role=option]", palette);

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(all[(at + step + all.length) % all.length]);
}

function onKey(event) {
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter") $("[role=option][aria-selected=true]", palette)?.click();
  else return;
  event.preventDefault();
}

if (palette) {
  input.addEventListener("keydown", onKey);
  palette.addEventListener("dialog:open", () => { input.select(); htmx.trigger(input, "palette:open"); });
  palette.addEventListener("htmx:afterSettle", () => choose(options()[0]));
}
