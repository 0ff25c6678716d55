// Dialogs: links that open one, buttons in browsers without `command`, a click on the backdrop.
import { $, within } from "./dom.js";

function show(dialog) {
  if (dialog.open) return;
  dialog.closest("body").querySelectorAll("[popover]:popover-open").forEach((menu) => menu.hidePopover());
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const link = within(event, "[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(dialog);
});

if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = within(event, "button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (button?.getAttribute("command") === "show-modal" && dialog) show(dialog);
    if (button?.getAttribute("command") === "close" && dialog) dialog.close();
  });
}

document.addEventListener("click", (event) => {
  if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop is the dialog itself
  if (within(event, "[data-print]")) window.print();
  const grip = within(event, "[data-grip]");
  if (grip) grip.setAttribute("aria-expanded", String($("#panel").toggleAttribute("data-open")));
});
