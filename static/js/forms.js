// Forms: one press sends once, choices apply at once, and a field is checked when it is left.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return; // htmx sends its own, with hx-disable
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  // After the browser has read the form: a disabled button would not be sent.
  setTimeout(() => form.querySelectorAll("[type=submit], button:not([type])").forEach((button) => {
    button.disabled = true;
    button.dataset.sent = "";
  }));
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form").forEach((form) => sent.delete(form));
  document.querySelectorAll("[data-sent]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.sent;
  });
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
});

const slotId = (field) => `${field.id}-error`;

function say(field, message) {
  let slot = document.getElementById(slotId(field));
  const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (message && !slot) {
    slot = Object.assign(document.createElement("p"), { id: slotId(field), className: "field-error" });
    field.before(slot);
  }
  described[message ? "add" : "delete"](slotId(field));
  if (described.size) field.setAttribute("aria-describedby", [...described].join(" "));
  else field.removeAttribute("aria-describedby");
  if (message) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (slot) message ? (slot.textContent = message) : slot.remove();
}

const checked = (field) => field.matches?.("form[data-checks] :is(input, select, textarea)[id]");

document.addEventListener("focusout", ({ target }) => {
  if (checked(target) && target.value && !target.validity.valid) {
    say(target, target.dataset.message ?? target.validationMessage);
  }
});

document.addEventListener("input", ({ target }) => {
  if (checked(target) && target.getAttribute("aria-invalid") && target.value && target.validity.valid) say(target, "");
});
