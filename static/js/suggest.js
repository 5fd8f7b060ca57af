// Suggestions under the search field: htmx fetches them, the arrow keys walk through them, as in a combobox.
const field = () => document.querySelector("[data-suggests]");
const list = () => document.getElementById("suggestions");
const options = () => [...(list()?.querySelectorAll("[role=option]") ?? [])];
const chosen = () => list()?.querySelector("[aria-selected=true]");

function describe() {
  const input = field();
  if (!input) return;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "suggestions");
  input.setAttribute("aria-expanded", String(!list().hidden));
}

function open(wanted) {
  const input = field();
  if (!input || !list()) return;
  list().hidden = !wanted || !options().length;
  input.setAttribute("aria-expanded", String(!list().hidden));
  if (list().hidden) choose(null);
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field().setAttribute("aria-activedescendant", option.id);
  else field()?.removeAttribute("aria-activedescendant");
}

function walk(step) {
  if (list().hidden) open(true);
  const all = options();
  // One place beyond each end is the field itself, with what was typed.
  const at = (all.indexOf(chosen()) + 1 + step + all.length + 1) % (all.length + 1);
  choose(all[at - 1] ?? null);
}

document.addEventListener("keydown", (event) => {
  if (event.target !== field() || !list() || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && chosen() && !list().hidden) chosen().click();
  else if (event.key === "Escape" && !list().hidden) open(false);
  else return;
  event.preventDefault();
});

document.addEventListener("input", ({ target }) => target === field() && target.value.trim().length < 2 && open(false));
document.addEventListener("focusin", ({ target }) => target === field() && open(options().length > 0 && target.value.trim().length > 1));
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (target === field() && !list()?.contains(relatedTarget)) open(false);
});
// A press on a suggestion must not take the focus off the field before the click is one.
document.addEventListener("mousedown", (event) => event.target.closest("#suggestions") && event.preventDefault());
document.addEventListener("htmx:after:swap", () => {
  describe();
  if (document.activeElement !== field()) open(false);
  else if (list() && !list().hidden) open(field().value.trim().length > 1);
});

describe();
