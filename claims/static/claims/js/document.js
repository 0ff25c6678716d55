// A document: step through its claims, show which one is selected, show or hide the panel.
import { $, $$, press, within } from "./dom.js";
import { onKeys } from "./keys.js";

const links = () => $$("[data-claim-link]");

function step(by) {
  const all = links();
  const shown = $("#panel [data-selected]")?.dataset.selected;
  const at = all.findIndex((link) => link.dataset.claim === shown);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  all[next]?.click();
}

/** Mark every mark, reference, rectangle and link of this claim as the selected one. */
export function select(number) {
  for (const element of $$("[data-claim]")) {
    const on = element.dataset.claim === number;
    if (element instanceof SVGElement) element.toggleAttribute("data-on", on);
    else if (on) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
}

function togglePanel() {
  const panel = $("#panel");
  if (getComputedStyle(panel).position === "fixed") press("[data-grip]", panel);
  else panel.hidden = !panel.hidden;
}

document.addEventListener("htmx:afterSettle", (event) => {
  const selected = $("#panel [data-selected]")?.dataset.selected;
  if (selected === undefined) return;
  select(selected);
  if (event.detail.target?.id !== "panel") return;
  const panel = $("#panel");
  panel.hidden = false;
  panel.scrollTop = 0;
  scrollTo(selected, "nearest");
});

function scrollTo(number, block) {
  $(`#text mark[data-claim="${CSS.escape(number)}"]`)?.scrollIntoView({ block });
}

// A link to a claim in its document shows the words, too.
const linked = new URLSearchParams(location.search).has("claim") && $("#panel [data-selected]")?.dataset.selected;
if (linked) scrollTo(linked, "center");

/* A mark, a number or a rectangle stands for the link in the margin. Modified clicks and selections are left alone. */
document.addEventListener("click", (event) => {
  const shown = within(event, "#text [data-claim]:not([data-claim-link]), #coverage [data-claim]");
  if (!shown || event.ctrlKey || event.metaKey || event.shiftKey || !getSelection().isCollapsed) return;
  const link = $(`[data-claim-link][data-claim="${CSS.escape(shown.dataset.claim)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

const suggestion = (act) => press(`#panel [data-act=${act}]`);

onKeys({
  "j": () => step(1),
  "k": () => step(-1),
  "u": () => press("[data-next-unchecked]"),
  "p": togglePanel,
  "a": () => suggestion("accept"),
  "x": () => suggestion("no-fact"),
}, () => $("#text") !== null && $("#panel") !== null);
