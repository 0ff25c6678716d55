// Messages at the foot of the page: those of the server go after a while, a failed request offers another try.
import { $, $$ } from "./dom.js";

const SHOWN = 8000; // ms; with an undo, twice as long
const MOST = 3;

function build({ text, tone, action, href, onAction }) {
  const toast = document.createElement("div");
  toast.dataset.toast = "";
  if (tone) toast.dataset.tone = tone;
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  if (action) {
    const control = document.createElement(href ? "a" : "button");
    control.textContent = action;
    if (href) control.href = href;
    else { control.type = "button"; control.addEventListener("click", () => { toast.remove(); onAction(); }); }
    toast.append(control);
  }
  return toast;
}

/** Show a message. `sticky` ones stay until acted upon. */
export function say(message) {
  const toast = build(message);
  if (message.sticky) toast.dataset.sticky = "";
  $("#toasts")?.append(toast);
}

function expire(toast) {
  if (!toast.isConnected) return;
  if (toast.matches(":hover, :focus-within")) setTimeout(expire, SHOWN, toast);
  else toast.remove();
}

function attend(toast) {
  if (toast.dataset.timed !== undefined || toast.dataset.sticky !== undefined) return;
  toast.dataset.timed = "";
  setTimeout(expire, $("[data-undo]", toast) ? SHOWN * 2 : SHOWN, toast);
}

function tidy() {
  $$("#toasts > [data-toast]").slice(0, -MOST).forEach((toast) => toast.remove());
  $$("#toasts > [data-toast]").forEach(attend);
}

const region = $("#toasts");
if (region) new MutationObserver(tidy).observe(region, { childList: true });
tidy();

// An undo that htmx sent is done, or refused in words: its message goes, so that Z takes back what came before it.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (xhr.status > 0 && xhr.status < 500 && $("[data-undo]", elt)) elt.closest("[data-toast]")?.remove();
});

/** Send the same request again: press what was pressed, submit what was submitted. */
function again(detail) {
  const element = detail.elt;
  if (!element.isConnected) return location.reload();
  if (element instanceof HTMLFormElement) return element.requestSubmit(detail.requestConfig.submitter ?? undefined);
  return htmx.trigger(element, detail.requestConfig.triggeringEvent?.type ?? "click");
}

const failed = (event, text) => say({ text, tone: "error", action: "Try again", onAction: () => again(event.detail), sticky: true });

document.addEventListener("htmx:sendError", (event) => failed(event, "No connection. What you typed is kept in this browser."));
document.addEventListener("htmx:timeout", (event) => failed(event, "The server took too long. What you typed is kept in this browser."));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status >= 500) failed(event, "The server met an error. Nothing was changed.");
  else say({ text: status === 404 ? "This no longer exists." : "The server did not accept this.", tone: "error" });
});

/** The session ended: htmx was redirected to the sign-in page. Say so instead of swapping that page in. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr } = event.detail;
  const signIn = document.body.dataset.signIn;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname !== signIn || location.pathname === signIn) return;
  event.detail.signedOut = true;
  event.preventDefault();
  const href = `${signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  say({ text: "You are signed out. What you typed is kept in this browser.", tone: "error", action: "Sign in", href, sticky: true });
});
