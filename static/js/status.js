// What goes wrong on the way is said in the page's status region; nothing on the page is lost.
function tell(text) {
  const status = document.getElementById("status");
  if (!status) return;
  const line = Object.assign(document.createElement("p"), { className: "status-problem", textContent: text });
  line.dataset.kind = "error";
  status.replaceChildren(line);
}

document.addEventListener("htmx:response:error", ({ detail }) => {
  if (detail.ctx.response.status >= 500) tell("Something went wrong on our side. Please try again in a moment.");
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx && !detail.ctx.response) tell("We cannot reach the shop. Please check your connection and try again.");
});
