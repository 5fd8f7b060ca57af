// Tells the shop, and nobody else, that a page was seen: without a cookie, and not at all if the browser asks for that.
let last = "";

function seen() {
  if (navigator.globalPrivacyControl || !navigator.sendBeacon) return;
  const address = location.pathname + location.search;
  if (address === last) return;
  last = address;
  const told = new URLSearchParams({ page: location.pathname.split("/")[1] });
  const results = document.getElementById("results");
  const words = new URLSearchParams(location.search).get("q");
  if (words && results?.dataset.total) {
    told.set("q", words);
    told.set("found", results.dataset.total);
  }
  navigator.sendBeacon("/seen", told);
}

seen();
document.addEventListener("htmx:after:swap", seen);
