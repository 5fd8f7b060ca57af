// Files that fall anywhere on a page with a field for them go into that field, instead of opening in the page's place.
const field = () => document.querySelector("input[type=file].drop");
const brings = ({ dataTransfer }) => dataTransfer?.types.includes("Files") && field();

document.addEventListener("dragover", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  field().dataset.over = "";
});

document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) delete field()?.dataset.over; // out of the window
});

document.addEventListener("drop", (event) => {
  if (!brings(event)) return;
  event.preventDefault();
  const into = field(), taken = new DataTransfer();
  const fallen = [...event.dataTransfer.files];
  for (const file of into.multiple ? fallen : fallen.slice(0, 1)) taken.items.add(file);
  delete into.dataset.over;
  into.files = taken.files;
  into.dispatchEvent(new Event("change", { bubbles: true }));
  into.focus();
});
