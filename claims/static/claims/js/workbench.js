// Everything the pages do beyond plain HTML and htmx. Each module is one subject and works by delegation from
// `document`, so swapped-in content needs no set-up. docs/front-end.md lists the attributes they look for.
import "./dialogs.js";
import "./toasts.js";
import "./palette.js";
import "./walk.js";
import "./lists.js";
import "./document.js";
import "./selection.js";
import "./quotes.js";
import "./claim.js";
import "./triage.js";
import "./drafts.js";
import "./files.js";
import "./focus.js";
import "./keys.js";
