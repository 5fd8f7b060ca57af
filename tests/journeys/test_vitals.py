"""What a first visit feels like, measured in the browser: printed for people, and held to all that is no wall-clock."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.steps import with_a_mug
from tests.journeys.store import Store

BUDGET = 100_000
"""Bytes of HTML, CSS and JavaScript that come over the wire on a first visit, at most."""
STILL = 0.02
"""Cumulative layout shift, at most."""

WATCH = """() => {
  window.seen = {lcp: null, shift: 0, slowest: 0};
  const watch = (type, take, more) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({type, buffered: true, ...more});
  watch('largest-contentful-paint', (entry) => { seen.lcp = entry; });
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
  watch('event', (entry) => { if (entry.interactionId) seen.slowest = Math.max(seen.slowest, entry.duration); },
    {durationThreshold: 16});
}"""

REPORT = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const code = performance.getEntriesByType('resource').filter((one) => /\\.(css|js)(\\?|$)/.test(one.name));
  const at = seen.lcp?.element, picture = at?.matches('img') ? at : null;
  return {
    first_byte: page.responseStart - page.requestStart,
    largest_paint: seen.lcp?.startTime ?? 0,
    slowest: seen.slowest,
    largest: at ? at.outerHTML.slice(0, 90) : '',
    waits: !!picture && (picture.loading === 'lazy' || picture.fetchPriority !== 'high'),
    shift: seen.shift,
    bytes: page.transferSize + code.reduce((sum, one) => sum + one.transferSize, 0),
    parts: code.length,
    blocking: code.filter((one) => one.name.includes('.js') && one.renderBlockingStatus === 'blocking')
      .map((one) => one.name),
  };
}"""


def _search(page: Page) -> None:
    page.get_by_label("Search the shop").press_sequentially("mu")


def _narrow(page: Page) -> None:
    page.locator(".filters summary").first.click()


def _choose(page: Page) -> None:
    page.locator(".choice").last.click()


def _change(page: Page) -> None:
    page.get_by_label("Quantity").first.press("ArrowUp")


def _write(page: Page) -> None:
    page.get_by_label("Full name").first.press_sequentially("Ada")


VISITS: dict[str, Callable[[Page], None]] = {
    "/": _search,
    "/c/kitchen": _narrow,
    "/p/keel-teapot": _choose,
    "/cart": _change,
    "/checkout/details": _write,
}


@pytest.mark.parametrize("kind", [KINDS[0]], ids=str)
def test_first_visits_are_light_and_still(
    store: Store, open_page: Opener, kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    state = with_a_mug(open_page, kind).page.context.storage_state()
    found: dict[str, dict[str, Any]] = {}
    for path, act in VISITS.items():
        page = open_page(kind, state=state)
        page.add_init_script(f"({WATCH})()")
        page.goto(path, wait_until="networkidle")
        before = page.evaluate(REPORT)
        act(page)
        page.wait_for_timeout(400)
        found[path] = before | {"slowest": page.evaluate("seen.slowest")}
        page.context.close()
    with capsys.disabled():
        print("\npage                first byte  largest paint  interaction  shift  HTML+CSS+JS")
        for path, one in found.items():
            print(
                f"{path:<20}{one['first_byte']:7.0f} ms{one['largest_paint']:12.0f} ms{one['slowest']:10.0f} ms"
                f"{one['shift']:7.3f}{one['bytes'] / 1000:10.1f} kB   {one['largest']}"
            )

    for path, one in found.items():
        assert one["largest_paint"] > 0, f"{path}: nothing was measured"
        assert one["parts"] > 3, f"{path}: nothing was measured"
        assert one["shift"] <= STILL, f"{path} moves by {one['shift']} while it loads"
        assert not one["waits"], f"{path}: the largest thing to be seen is fetched late: {one['largest']}"
        assert one["blocking"] == [], path
        assert one["bytes"] <= BUDGET, f"{path}: {one['bytes']} bytes"
