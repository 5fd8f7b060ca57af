// A product's page: pictures change without a jump, the link is shared, and the browser remembers what it showed.
const KEPT = "recently-viewed";
const MOST = 8;

document.addEventListener("click", (event) => {
  const thumb = event.target.closest("[data-shows]");
  const picture = thumb && document.getElementById(thumb.dataset.shows);
  if (!picture) return;
  event.preventDefault();
  picture.parentElement.scrollTo({ left: picture.offsetLeft - picture.parentElement.offsetLeft });
  thumb.closest("ul").querySelectorAll("[data-shows]").forEach((other) => other.removeAttribute("aria-current"));
  thumb.setAttribute("aria-current", "true");
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const { share: url, title } = button.dataset;
  try {
    if (navigator.share) await navigator.share({ title, url });
    else {
      await navigator.clipboard.writeText(url);
      document.getElementById("status").textContent = "The link is copied.";
    }
  } catch (error) {
    // Whoever closes the system's own window has changed their mind; anything else leaves the link to be copied by hand.
    if (error.name !== "AbortError") document.getElementById("status").textContent = url;
  }
});

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]").filter((slug) => /^[a-z0-9-]{1,120}$/.test(slug));
  } catch {
    return []; // storage is closed to us, or somebody else wrote there
  }
}

function remember() {
  document.querySelectorAll("[data-share][hidden]").forEach((button) => (button.hidden = false));
  const heart = document.getElementById("heart");
  if (heart?.dataset.sku && /(?:^|; )wishlist_count=/.test(document.cookie)) {
    // Pages are the same for everyone, so whether it is on one's wishlist is asked for here.
    window.htmx?.ajax("GET", `/wishlist/heart?sku=${encodeURIComponent(heart.dataset.sku)}`, { target: "#heart", swap: "outerHTML" });
  }
  const place = document.querySelector("#recent[data-recent]");
  const here = place?.dataset.recent;
  if (!here) return;
  const others = remembered().filter((slug) => slug !== here).slice(0, MOST);
  try {
    localStorage.setItem(KEPT, JSON.stringify([here, ...others]));
  } catch {
    return;
  }
  if (!others.length) return;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    const slugs = encodeURIComponent(others.slice(0, 4).join(","));
    window.htmx?.ajax("GET", `/recently-viewed?slugs=${slugs}`, { target: "#recent", swap: "outerHTML" });
  }, { rootMargin: "300px" }).observe(place);
}

remember();
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.target === document.body || detail.ctx?.target?.id === "buy") remember();
});
