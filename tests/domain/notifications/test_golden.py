"""Each letter and text message, word for word: the files beside this one are what readers get.

After a change of words, write them anew and read the difference:
`SHOP_WRITE_LETTERS=1 .venv/bin/python -m pytest tests/domain/notifications/test_golden.py`.
"""

import os
import re
from pathlib import Path

import pytest

from domain.notifications.adapters.templates import render, render_sms
from domain.notifications.models import EMAIL, SMS
from domain.notifications.routes import ROUTES
from domain.notifications.samples import LETTERS, TEXTS
from domain.notifications.topics import OF_TEMPLATE
from domain.shared.settings import ROOT, Settings

KEPT = Path(__file__).parent / "letters"


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_reads_as_it_did(settings: Settings, name: str) -> None:
    letter = render(name, LETTERS[name], settings, to="aoife@example.com")

    assert_kept(f"{name}.txt", f"{letter.subject}\n\n{letter.text}")
    assert_kept(f"{name}.html", letter.html)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_message_reads_as_it_did_and_is_short(settings: Settings, name: str) -> None:
    words = render_sms(name, TEXTS[name], settings)

    assert_kept(f"{name}.sms", words + "\n")
    assert len(words) <= 160


def assert_kept(name: str, words: str) -> None:
    words = re.sub(r"token=[\w.-]+", "token=signed", words)  # signed anew each time
    if os.environ.get("SHOP_WRITE_LETTERS"):
        KEPT.mkdir(exist_ok=True)
        (KEPT / name).write_text(words)
    assert (KEPT / name).read_text() == words


def test_every_letter_there_is_has_its_sample() -> None:
    files = {path.stem for path in (ROOT / "templates" / "emails").glob("*.txt")} - {"layout", "parts"}
    routed = [route for routes in ROUTES.values() for route in routes]

    assert files == set(LETTERS)
    assert {route.template for route in routed if route.channel == EMAIL} <= set(LETTERS)
    assert {route.template for route in routed if route.channel == SMS} <= set(TEXTS)


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_letter_carries_its_styles_and_is_good_in_the_dark(settings: Settings, name: str) -> None:
    letter = render(name, LETTERS[name], settings, to="aoife@example.com")

    assert 'content="light dark"' in letter.html
    assert "@media (prefers-color-scheme: dark)" in letter.html
    body = letter.html.split("<body", 1)[1]
    bare = [tag for tag in re.findall(r"<(?:p|a|h1|h2|div|main)\b[^>]*>", body) if "style=" not in tag]
    assert bare == []
    assert "Cornershop" in letter.html
    assert (letter.unsubscribe is not None) == (name in OF_TEMPLATE)
    assert ("Stop mails like this" in letter.text) == (name in OF_TEMPLATE)


def test_names_money_and_dates_follow_the_shop(settings: Settings) -> None:
    german = settings.model_copy(update={"name": "Eckladen", "locale": "de_DE", "currency": "CHF"})

    assert "44,95\xa0€" in render("order_placed", LETTERS["order_placed"], german).text
    summary = render("staff_daily_summary", LETTERS["staff_daily_summary"], german)
    assert summary.subject.startswith("Eckladen on Fr.")
    assert "452,10 CHF" in summary.subject
    assert '<html lang="de-DE">' in summary.html
