// The number on the cart and the drawer. Pages are the same for everyone, so what is personal is asked for here.
const hasCart = () => /(?:^|; )cart_count=/.test(document.cookie);

function refreshBadge() {
  if (hasCart() && document.getElementById("cart-badge")) {
    window.htmx?.ajax("GET", "/cart/badge", { target: "#cart-badge", swap: "outerHTML" });
  }
}

const drawer = () => document.getElementById("cart-drawer");

refreshBadge();
addEventListener("pageshow", (event) => event.persisted && refreshBadge());
document.addEventListener("htmx:after:swap", ({ detail }) => detail.ctx?.target === document.body && refreshBadge());

document.addEventListener("cart-added", () => {
  const dialog = drawer();
  if (!dialog?.showModal || dialog.open) return;
  dialog.showModal();
  // The button that was pressed was disabled meanwhile and lost the focus; give it back.
  dialog.addEventListener("close", () => document.getElementById("add")?.focus(), { once: true });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog?.showModal && hasCart()) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.matches("dialog") || event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  }
});
