// After a boosted navigation the focus would stay on the body: move it to what the new page is about.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.target !== document.body) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const place = document.querySelector("[autofocus]") ?? document.querySelector("main h1, h1, main");
  if (!place) return;
  if (!place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

// A button is disabled while its form is on the way and loses the focus: the one in its place, of the same id, gets it.
let pressed = "";
document.addEventListener("submit", ({ submitter }) => (pressed = submitter?.id ?? ""));
document.addEventListener("htmx:after:swap", () => {
  const button = pressed && document.getElementById(pressed);
  if (!button || button.disabled || (document.activeElement && document.activeElement !== document.body)) return;
  pressed = "";
  button.focus({ preventScroll: true });
});
