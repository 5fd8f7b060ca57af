"""Accessibility of a page as axe-core sees it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

ALL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What may differ between a page in the light and the same page in the dark."""


def complaints(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    """Return rule, element and reason for each violation that axe-core finds on the page."""
    page.wait_for_load_state()  # without its style sheet a page is another one
    found = Axe().run(page, options=rules).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} — {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def assert_accessible(page: Page) -> None:
    """Fail with rule, element and reason for each violation that axe-core finds on the page."""
    lines = complaints(page)
    assert lines == [], f"{page.url}:\n" + "\n".join(lines)


def flaws(page: Page) -> list[str]:
    """Say what is wrong with how a page is built: more or less than one heading, an id twice, scrolling sideways."""
    headings = page.locator("h1").count()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((at) => at.id)")
    twice = sorted({one for one in ids if ids.count(one) > 1})
    found = [] if headings == 1 else [f"it has {headings} headings h1"]
    found += [f"the id {one} is there more than once" for one in twice]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"it scrolls sideways at {page.evaluate('innerWidth')} px")
    return found


def assert_sound(page: Page, *, scripts: bool = True) -> None:
    """The open page has one heading and no id twice, does not scroll sideways, and axe finds nothing.

    axe-core is a script itself: in a browser without `scripts` it would never come back.
    """
    expect(page.locator("h1")).to_have_count(1)
    found = flaws(page)
    assert found == [], f"{page.url}: {found}"
    if scripts:
        assert_accessible(page)
