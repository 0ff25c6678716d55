// The few helpers that every module uses.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The element an event is about; text nodes and the document have no `closest`. */
export const within = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

export const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

/** Click the first visible match, if there is one. Returns whether there was. */
export function press(selector, root = document) {
  const found = $$(selector, root).find((element) => visible(element) && !element.disabled);
  found?.click();
  return Boolean(found);
}

/** Browser storage that may be full, or refused. */
export const storage = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing was stored */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};
