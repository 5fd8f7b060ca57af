"""Accessibility of a page as axe-core sees it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


def assert_accessible(page: Page) -> None:
    """Fail with rule, element and reason for each violation that axe-core finds on the page."""
    found = Axe().run(page, options=RULES).response["violations"]
    lines = [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} — {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert lines == [], f"{page.url}:\n" + "\n".join(lines)


def assert_sound(page: Page, *, scripts: bool = True) -> None:
    """The open page has one heading and no id twice, does not scroll sideways, and axe finds nothing.

    axe-core is a script itself: in a browser without `scripts` it would never come back.
    """
    expect(page.locator("h1")).to_have_count(1)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((at) => at.id)")
    assert len(ids) == len(set(ids)), page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"
    if scripts:
        assert_accessible(page)
