// What is typed into a `form[data-keep]` is kept in this browser until the server has accepted it, so that neither the
// end of the session nor a lost connection loses it. A draft is { base, value, at, sent }: the values the server
// had shown, the values typed, when, and whether the form was sent and its answer is not known yet.
import { $, $$, storage } from "./dom.js";

const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "reset"]);
const PREFIX = "draft:";
const user = document.documentElement.dataset.user;

const keyOf = (form) => `${PREFIX}${user}:${form.dataset.keep}`;
const fields = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));
const load = (key) => { try { return JSON.parse(storage.get(key)); } catch { return null; } };
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** name → list of values: as the server sent them (`initial`), or as they are now. */
function read(form, { initial = false } = {}) {
  const values = {};
  for (const field of fields(form)) {
    values[field.name] ??= [];
    if (field instanceof HTMLSelectElement) values[field.name].push(...selected(field, initial));
    else if (!["checkbox", "radio"].includes(field.type)) values[field.name].push(initial ? field.defaultValue : field.value);
    else if (initial ? field.defaultChecked : field.checked) values[field.name].push(field.value);
  }
  return values;
}

function selected(field, initial) {
  const chosen = [...field.options].filter((option) => (initial ? option.defaultSelected : option.selected));
  return (chosen.length || field.multiple ? chosen : [...field.options].slice(0, 1)).map((option) => option.value);
}

function write(form, values) {
  for (const field of fields(form).filter(({ name }) => name in values)) {
    const wanted = values[field.name];
    if (field instanceof HTMLSelectElement) for (const option of field.options) option.selected = wanted.includes(option.value);
    else if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
    else field.value = wanted[fields(form).filter((other) => other.name === field.name).indexOf(field)] ?? "";
  }
}

function keep(form) {
  const [base, value] = [read(form, { initial: true }), read(form)];
  if (same(base, value)) storage.remove(keyOf(form));
  else storage.set(keyOf(form), JSON.stringify({ base, value, at: Date.now(), sent: false }));
}

function drop(form) {
  storage.remove(keyOf(form));
  $(".kept", form)?.remove();
}

/** Whether the server refused the form and sent back what was typed: nothing to restore, and still to be kept. */
const echoes = (form) => form.matches("[data-typed]") || $("[aria-invalid=true]", form) !== null;

/** Put kept text back; if the server's text has changed meanwhile, offer it instead of overwriting. */
function restore(form) {
  const draft = load(keyOf(form));
  const shown = read(form, { initial: true });
  if (!draft || $(".kept", form) || echoes(form)) return;
  if (same(draft.value, shown)) { storage.remove(keyOf(form)); return; }
  const unchanged = same(draft.base, shown);
  if (unchanged) write(form, draft.value);
  form.prepend(note(form, draft, unchanged));
}

function note(form, draft, restored) {
  const at = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const box = document.createElement("div");
  box.className = "note kept";
  box.dataset.icon = "recheck";
  box.setAttribute("role", "status");
  const row = document.createElement("p");
  row.className = "row";
  row.append(restored ? `Restored what you typed on ${at}.` : `You typed something else here on ${at}, which was not saved.`);
  if (!restored) row.append(button("Put it back", () => { write(form, draft.value); keep(form); box.remove(); }));
  row.append(button("Discard", () => { drop(form); if (restored) form.reset(); }));
  box.append(row);
  return box;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

const kept = (element) => (element instanceof Element ? element.closest("form[data-keep]") : null);
const ours = () => storage.keys().filter((key) => key.startsWith(PREFIX));

/** A plain (not htmx) submission is answered by the next page: a redirect to a page of ours means that it was accepted. */
function settleSent() {
  const page = performance.getEntriesByType("navigation")[0];
  const accepted = user && page?.type === "navigate" && page.redirectCount > 0 && (page.responseStatus ?? 200) < 400;
  for (const key of ours()) {
    const draft = load(key);
    if (!draft?.sent) continue;
    if (accepted && key.startsWith(`${PREFIX}${user}:`)) storage.remove(key);
    else storage.set(key, JSON.stringify({ ...draft, sent: false }));
  }
}

settleSent();
if (user) {
  for (const type of ["input", "change"]) document.addEventListener(type, (event) => { const form = kept(event.target); if (form) keep(form); });
  document.addEventListener("submit", (event) => {
    const draft = !event.defaultPrevented && kept(event.target) && load(keyOf(event.target)); // htmx prevents the default
    if (draft) storage.set(keyOf(event.target), JSON.stringify({ ...draft, sent: true }));
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = kept(event.detail.elt);
    if (form && event.detail.xhr.status < 400 && !event.detail.signedOut) drop(form);
  });
  document.addEventListener("htmx:load", (event) => {
    const element = event.detail.elt;
    if (element.matches?.("form[data-keep]")) restore(element);
    $$("form[data-keep]", element).forEach(restore);
  });
  $$("form[data-keep]").forEach(restore);
}
