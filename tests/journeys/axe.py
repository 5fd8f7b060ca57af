"""Accessibility of a page as axe-core sees it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
