// Single keys, the G prefix and the two chords. Other modules register theirs with `onKeys`.
import { $, $$, press, visible, within } from "./dom.js";

const GO_WAIT = 2000; // ms between G and its letter
const bindings = []; // { keys, when }
let goUntil = 0;

/** `keys` maps a key ("j", "shift+x", "1") to its act. `when()` says whether this page has use for them. */
export function onKeys(keys, when = () => true) {
  bindings.push({ keys, when });
}

/** What a key press may be called, best name first. The letter printed on the key, or, on a keyboard whose letters
 *  are not Latin, the letter at that place; digits also where they need Shift (AZERTY). */
function names(event) {
  const key = event.key.toLowerCase();
  const letter = /^[a-z]$/.test(key);
  const found = [event.shiftKey && letter ? `shift+${key}` : key];
  const place = /^(Key|Digit)(.)$/.exec(event.code);
  if (place?.[1] === "Key" && key > "\u007f") found.push((event.shiftKey ? "shift+" : "") + place[2].toLowerCase());
  if (place?.[1] === "Digit" && !event.shiftKey) found.push(place[2]);
  return found;
}

function actFor(event) {
  for (const name of names(event)) {
    const binding = bindings.find(({ keys, when }) => Object.hasOwn(keys, name) && when());
    if (binding) return binding.keys[name];
  }
  return null;
}

const typing = (element) => element instanceof Element
  && (element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])"));

const singleKeys = () => document.documentElement.dataset.singleKeys !== "off";

function go(event) {
  goUntil = 0;
  const letter = names(event).find((name) => $(`[data-go="${CSS.escape(name)}"]`));
  if (letter) $(`[data-go="${CSS.escape(letter)}"]`).click();
}

function chord(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  if (event.key.toLowerCase() === "k" || (event.code === "KeyK" && event.key > "\u007f")) return press("[data-dialog=palette]");
  if (event.key === "Enter") return event.shiftKey ? sendOtherwise(event.target) : sendForm(event.target);
  return false;
}

/** The second way to send a form: its button says in what it differs. */
function sendOtherwise(element) {
  const form = element.closest?.("form");
  return Boolean(form) && press("[data-also]", form);
}

function sendForm(element) {
  const form = element.closest?.("form");
  const choice = form && !element.closest("[data-choices]") && $("[data-choices] button", form);
  if (choice) { choice.focus(); return true; }
  const button = form && $$("button.primary, button:not([type=button], [type=reset])", form).filter(visible);
  if (!button?.length) return false;
  (button.find((one) => one.classList.contains("primary")) ?? button[0]).click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog, :popover-open")) { event.target.blur(); return; }
  if (chord(event)) { event.preventDefault(); return; }
  const busy = event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]");
  const held = event.repeat && !["j", "k"].includes(event.key);
  if (busy || held || !singleKeys()) return;
  // By when the keys were pressed, not by when a busy page got round to them.
  if (event.timeStamp < goUntil) { go(event); event.preventDefault(); return; }
  const act = actFor(event);
  if (!act) return;
  if (act(event) !== false) event.preventDefault();
});

onKeys({
  "g": (event) => { goUntil = event.timeStamp + GO_WAIT; },
  "?": () => $("#help")?.showModal(),
  "/": () => { const field = $$("[type=search]").find(visible); field?.focus(); field?.select(); return Boolean(field); },
  "z": () => { const undo = $$("[data-undo]").at(-1); undo?.click(); return Boolean(undo); },
});

document.addEventListener("change", (event) => {
  const box = within(event, "[data-single-keys][type=checkbox]"); // its form tells the server
  if (box) document.documentElement.dataset.singleKeys = box.checked ? "on" : "off";
});
