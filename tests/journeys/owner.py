"""Somebody who opens a shop of their own, page by page, and what that asks of them: pages, fields, keys, words."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

MIND, POINT, HAND, KEY, CLICK = 1.35, 1.1, 0.4, 0.28, 0.2
"""Seconds of the keystroke-level model (Card, Moran and Newell, 1980): to think of what comes next, to point at
something, to move a hand between mouse and keys, to press a key at 40 words a minute, and to click."""
READING = 238
"""Words that an adult reads in a minute, silently (Brysbaert, 2019)."""
PHONE_APP = 60
"""Seconds allowed for what is not done on these pages: showing the key to an app and reading its code."""
WORDS = """(main) => [main, ...main.querySelectorAll('select')].map((at) => at.innerText.trim().split(/\\s+/).length)
  .reduce((all, choices) => all - choices)"""
"""The words on a page that are read; nobody reads all countries there are."""
FIELDS = "main :is(input:not([type=hidden], [type=submit]), select, textarea):visible"


@dataclass
class Owner:
    """One person with one open page; every page they leave by a link or a button is counted, and what was on it."""

    page: Page
    pages: list[str] = field(default_factory=list)
    words: int = 0
    shown: int = 0
    filled: int = 0
    keys: int = 0
    clicks: int = 0

    def fill(self, label: str, answer: str) -> None:
        """Answer the field of this label."""
        self.page.get_by_label(label, exact=True).first.fill(answer)
        self.filled += 1
        self.keys += len(answer)

    def press(self, name: str) -> None:
        """Leave the page by the button of this name."""
        self._leave()
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Leave the page by the link of this name."""
        self._leave()
        self.page.get_by_role("link", name=name, exact=True).first.click()

    @property
    def seconds(self) -> float:
        """How long it would take a person who reads every word and makes no mistake."""
        typing = self.filled * (MIND + POINT + CLICK + 2 * HAND) + self.keys * KEY
        return self.words / READING * 60 + typing + self.clicks * (MIND + POINT + CLICK) + PHONE_APP

    def _leave(self) -> None:
        self.clicks += 1
        self.pages.append(self.page.get_by_role("heading", level=1).inner_text())
        self.words += self.page.locator("main").evaluate(WORDS)
        self.shown += self.page.locator(FIELDS).count()
