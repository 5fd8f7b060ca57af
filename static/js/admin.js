// What scripts add to the admin, whose pages already work without them.
import "./drop.js";
import "./focus.js";
import "./forms.js";
import "./preview.js";
import "./status.js";

// A slash leads to the search field, as on many pages with long lists; not while something is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});
