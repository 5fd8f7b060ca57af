// What a page shows of its own form follows while one types: the first of the named fields that says something.
// With every field empty, and without scripts, it stays as the server wrote it.
document.addEventListener("input", ({ target }) => {
  for (const line of target.form?.querySelectorAll("[data-says]") ?? []) {
    const names = line.dataset.says.split(" ");
    if (!names.includes(target.name)) continue;
    const said = names.map((name) => target.form.elements[name].value.trim()).find(Boolean);
    const most = Number(line.dataset.most ?? Infinity);
    if (said) line.textContent = said.length > most ? `${said.slice(0, most - 3)}...` : said;
  }
});
