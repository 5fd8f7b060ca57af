"""Letters about accounts say what they must, in text and as a page, and keep their links to themselves."""

import pytest

from domain.notifications.accounts import CHANGES
from domain.notifications.adapters.templates import render
from domain.shared.settings import Settings
from domain.users.links import ADDRESS, REGISTRATION, RESET, read

LINKS = {
    "confirm_account": (REGISTRATION, "/register/confirmation"),
    "confirm_address": (ADDRESS, "/account/email/confirmation"),
    "reset_password": (RESET, "/password/new"),
}


@pytest.mark.parametrize("template", LINKS)
def test_a_link_is_signed_for_its_purpose_only_when_the_letter_is_written(settings: Settings, template: str) -> None:
    purpose, path = LINKS[template]

    letter = render(template, {"link_id": "an-id", "purpose": purpose, "name": "<b>Ada</b>"}, settings)

    url, _, token = next(line for line in letter.text.splitlines() if "?token=" in line).partition("?token=")
    assert url == f"{settings.storefront_url}{path}"
    assert f'href="{url}?token={token}"' in letter.html
    secret = settings.secret_key.get_secret_value()
    assert read(secret, token, purpose=purpose, max_age=60) == "an-id"
    assert [one for one, _ in LINKS.values() if read(secret, token, purpose=one, max_age=60)] == [purpose]
    assert "<b>Ada" not in letter.html
    assert "do nothing" in letter.text


@pytest.mark.parametrize("what", CHANGES)
def test_a_notice_says_what_was_changed_and_what_to_do_if_it_was_somebody_else(settings: Settings, what: str) -> None:
    title, words = CHANGES[what]

    letter = render("account_notice", {"title": title, "words": words, "gone": what == "deleted"}, settings)

    assert letter.subject == f"{title} at Cornershop"
    for part in (letter.text, letter.html):
        assert words in part
        assert ("/password/forgotten" in part) == (what != "deleted")
