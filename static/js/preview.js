// What a page shows of its own form follows while one types: the first of the named fields that says something.
// With every field empty, and without scripts, it stays as the server wrote it.
// It is cut as the server cuts it: at a blank, with three dots, and not at all for five letters more.
const cut = (text, most) => {
  const letters = [...text];
  if (letters.length <= most + 5) return text;
  const head = letters.slice(0, most - 3).join("");
  const blank = head.lastIndexOf(" ");
  return `${blank < 0 ? head : head.slice(0, blank)}...`;
};

document.addEventListener("input", ({ target }) => {
  for (const line of target.form?.querySelectorAll("[data-says]") ?? []) {
    const names = line.dataset.says.split(" ");
    if (!names.includes(target.name)) continue;
    const said = names.map((name) => target.form.elements[name].value.trim().replace(/\s+/g, " ")).find(Boolean);
    const most = Number(line.dataset.most ?? Infinity);
    if (said) line.textContent = cut(said, most);
  }
});
