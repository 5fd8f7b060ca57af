"""Leaving a topic, preferences, notices and the question how an order was, as a shopper meets them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.notifications.adapters.templates import unsubscribe_link
from domain.notifications.reminders import remind_of_carts
from domain.notifications.topics import choices, say
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from tests.factories.cart import make_checkout
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_shopper


def wanted(sessions: Sessions, email: str) -> dict[str, bool]:
    with sessions() as session:
        return {choice.topic.name: choice.wanted for choice in choices(session, email)}


def test_one_click_leaves_a_topic_without_a_cookie_and_opening_the_link_does_not(
    storefront: FlaskClient, sessions: Sessions, settings: Settings
) -> None:
    link = unsubscribe_link(settings, template="review_request", to="aoife@example.com")
    assert link
    path = link.removeprefix(settings.storefront_url)

    assert "Stop these mails?" in storefront.get(path).text
    assert wanted(sessions, "aoife@example.com")["reviews"]
    answer = storefront.post(
        path,
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    assert "You get no more of these" in answer.text
    assert wanted(sessions, "aoife@example.com") == {"reminders": False, "reviews": False, "stock": True}


@pytest.mark.parametrize("change", [("aoife", "other"), ("reviews", "stock"), ("signed=", "signed=0")])
def test_a_link_that_was_changed_does_nothing(
    storefront: FlaskClient, sessions: Sessions, settings: Settings, change: tuple[str, str]
) -> None:
    link = unsubscribe_link(settings, template="review_request", to="aoife@example.com")
    assert link
    path = link.removeprefix(settings.storefront_url).replace(*change)

    assert storefront.post(path).status_code == 404
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM notifications.preferences")) == 0


def test_an_opinion_is_kept_by_the_orders_own_link(storefront: FlaskClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        order = make_order(tx)
    path = f"/orders/{order.number}/opinion?key={order.access_key}"

    assert 'value="4" required checked' in storefront.get(f"{path}&score=4").text
    assert storefront.post(path, data={"score": "9"}).status_code == 422
    assert storefront.post(f"/orders/{order.number}/opinion?key=wrong", data={"score": "4"}).status_code == 404
    for score in ("4", "2"):
        assert "Thank you" in storefront.post(path, data={"score": score, "words": " Fine "}).text
    with sessions() as session:
        rows = session.execute(text("SELECT order_id, score, words FROM notifications.satisfaction")).all()
    assert [tuple(row) for row in rows] == [(order.order_id, 2, "Fine")]


def test_preferences_are_kept_on_the_page_of_messages(storefront: FlaskClient, sessions: Sessions) -> None:
    assert storefront.get("/account/messages").status_code == 302
    with transaction(sessions) as tx:
        make_shopper(tx, email="ada@example.com")
    storefront.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})

    assert storefront.post("/account/messages/preferences", data={"reminders": "1"}).status_code == 303
    assert wanted(sessions, "ada@example.com") == {"reminders": True, "reviews": False, "stock": False}
    page = storefront.get("/account/messages").text
    assert 'name="reminders" value="1" checked' in page
    assert "Text messages" not in page


def test_a_cart_that_was_left_is_reminded_of_once_and_only_with_consent(sessions: Sessions) -> None:
    later = utcnow() + timedelta(hours=5)
    with transaction(sessions) as tx:
        make_checkout(tx, email="yes@example.com")
        make_checkout(tx, email="silent@example.com")
        say(tx, email="yes@example.com", topic="reminders", wanted=True)
    with transaction(sessions) as tx:
        assert remind_of_carts(tx, now=utcnow() + timedelta(hours=1)) == 0
        assert remind_of_carts(tx, now=later) == 1
        assert remind_of_carts(tx, now=later) == 0
        assert remind_of_carts(tx, now=later + timedelta(days=4)) == 0
    with sessions() as session:
        rows = session.execute(text("SELECT template, recipient FROM notifications.messages")).all()
    assert [tuple(row) for row in rows] == [("cart_reminder", "yes@example.com")]
