"""The browsers that are signed in: listed, ended, remembered, and found out when copied."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import update

from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.models import ShopperSession
from storefront.device import device_words
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.mails import mails

EMAIL = "grace@example.com"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def browser(sessions: Sessions, redis: Redis, new_client: Callable[[], FlaskClient]) -> Callable[..., FlaskClient]:
    """Open browsers at which Grace is signed in."""
    with transaction(sessions) as tx:
        make_shopper(tx, email=EMAIL)

    def open_browser(agent: str = FIREFOX, address: str = "192.0.2.77", **changes: str) -> FlaskClient:
        client = new_client()
        client.environ_base |= {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": address}
        assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD} | changes).status_code == 303
        return client

    return open_browser


def back_later(client: FlaskClient) -> None:
    """Close the browser and open it again."""
    client.delete_cookie("session")


def let_time_pass(sessions: Sessions) -> None:
    """Let the minute pass in which a token that was changed is still taken."""
    with transaction(sessions) as tx:
        tx.execute(update(ShopperSession).values(rotated_at=utcnow() - timedelta(minutes=2)))


def test_each_browser_is_listed_by_what_it_is_and_never_by_its_whole_address(
    browser: Callable[..., FlaskClient],
) -> None:
    browser(IPHONE, "2001:db8:1:2::3")
    page = browser().get("/account/sign-ins").text

    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "192.0.2.x" in page
    assert "2001:db8:1:…" in page
    assert page.count("This browser") == 1
    assert not {address for address in ("192.0.2.77", "2001:db8:1:2") if address in page}


def test_one_browser_is_signed_out_from_another(browser: Callable[..., FlaskClient]) -> None:
    lost, here = browser(IPHONE), browser()
    page = here.get("/account/sign-ins").text
    [path] = {part.split('"')[0] for part in page.split('action="')[1:] if part.startswith("/account/sign-ins/0")}

    assert here.post(path).status_code == 303

    assert lost.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(
    browser: Callable[..., FlaskClient], sessions: Sessions, new_client: Callable[[], FlaskClient]
) -> None:
    mine = browser()
    with transaction(sessions) as tx:
        session_id = tx.query(ShopperSession.id).scalar()
        make_shopper(tx, email="other@example.com")
    other = new_client()
    other.post("/sign-in", data={"email": "other@example.com", "password": PASSWORD})

    other.post(f"/account/sign-ins/{session_id}/end")

    assert mine.get("/account").status_code == 200


def test_everywhere_else_is_everywhere_else(browser: Callable[..., FlaskClient]) -> None:
    others, here = [browser(IPHONE), browser(remember="y")], browser()

    here.post("/account/sign-ins/others/end")

    assert here.get("/account").status_code == 200
    for other in others:
        assert other.get("/account").status_code == 302
        back_later(other)
        assert other.get("/account").status_code == 302


def test_only_a_browser_that_is_to_be_remembered_is(browser: Callable[..., FlaskClient]) -> None:
    plain, kept = browser(), browser(remember="y")
    back_later(plain)
    back_later(kept)

    assert plain.get("/account").status_code == 302
    assert kept.get("/account").status_code == 200


def test_a_token_changes_with_each_use_and_two_pages_at_once_are_no_theft(browser: Callable[..., FlaskClient]) -> None:
    kept = browser(remember="y")
    first = kept.get_cookie("remember")
    assert first
    back_later(kept)
    assert kept.get("/account").status_code == 200
    second = kept.get_cookie("remember")
    assert second
    assert second.value != first.value

    kept.set_cookie("remember", first.value)
    back_later(kept)

    assert kept.get("/account").status_code == 200


def test_a_copied_token_ends_every_sign_in_and_the_shopper_is_told(
    browser: Callable[..., FlaskClient], new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    kept, other, thief = browser(remember="y"), browser(), new_client()
    copied = kept.get_cookie("remember")
    assert copied
    thief.set_cookie("remember", copied.value)
    assert thief.get("/account").status_code == 200
    let_time_pass(sessions)
    back_later(kept)

    assert kept.get("/account").status_code == 302

    for client in (thief, other, kept):
        assert client.get("/account").status_code == 302
    assert kept.get_cookie("remember") is None
    assert mails(sessions, settings, EMAIL)[-1].subject == "We signed you out everywhere at Cornershop"


@pytest.mark.parametrize("value", ["", "x", ":", "0190b1b0-0000-7000-8000-000000000000:x", "é:é"])
def test_a_made_up_token_is_nobody(client: FlaskClient, value: str) -> None:
    client.set_cookie("remember", value)

    assert client.get("/account").status_code == 302


def test_the_time_of_the_last_visit_moves_on(browser: Callable[..., FlaskClient], sessions: Sessions) -> None:
    here = browser()
    with transaction(sessions) as tx:
        tx.execute(update(ShopperSession).values(last_seen_at=utcnow() - timedelta(hours=1)))

    here.get("/account")

    with transaction(sessions) as tx:
        seen = tx.query(ShopperSession.last_seen_at).scalar()
    assert utcnow() - seen < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Windows"), (IPHONE, "Safari on iPhone"), ("", "A browser"), ("curl/8", "A browser"),
     ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
     ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android")],
)  # fmt: skip
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words


def test_a_browser_that_was_not_known_is_told_of_and_is_known_from_then_on(
    browser: Callable[..., FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    first = browser()
    assert mails(sessions, settings, EMAIL) == []

    browser(IPHONE, "198.51.100.7")
    first.post("/sign-out")
    first.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})

    [letter] = mails(sessions, settings, EMAIL)
    assert letter.subject == "New sign-in to your account at Cornershop"
    assert "Safari on iPhone, from the network 198.51.100.x" in letter.text
    assert "198.51.100.7" not in letter.text


def test_what_knows_a_browser_again_opens_nothing(
    browser: Callable[..., FlaskClient], new_client: Callable[[], FlaskClient]
) -> None:
    kept = browser().get_cookie("device")
    assert kept is not None
    assert (kept.http_only, kept.same_site, kept.max_age) == (True, "Lax", 400 * 24 * 3600)
    stranger = new_client()
    stranger.set_cookie("device", kept.value)

    assert stranger.get("/account").status_code == 302
