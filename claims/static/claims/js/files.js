// A file over the limit of `data-max-bytes` is not sent at all: sending it would take long, to be refused in the end.
import { within } from "./dom.js";

document.addEventListener("change", (event) => {
  const input = within(event, "input[type=file][data-max-bytes]");
  if (!input) return;
  const most = Number(input.dataset.maxBytes);
  const large = [...input.files].find(({ size }) => size > most);
  if (large) input.value = "";
  tell(input, large ? `“${large.name}” is larger than ${Math.floor(most / 1e6)} MB, and was not taken.` : "");
});

/** The message stands where the server's would, and goes with the file that caused it. */
function tell(input, message) {
  const id = `${input.id}_error`;
  document.getElementById(id)?.remove();
  input.removeAttribute("aria-invalid");
  if (!message) return;
  const place = document.createElement("div");
  Object.assign(place, { id, className: "error", role: "alert", textContent: message });
  input.setAttribute("aria-invalid", "true");
  input.after(place);
}
