"""A shop that is not open yet shows nothing of itself, but to staff who look in."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from domain.shared.db import Sessions, transaction
from domain.shared.preferences import OPENED, keep, let_shoppers_in
from domain.shared.settings import Settings
from domain.users.links import INVITATION, LOOK_IN, sign
from tests.storefront.conftest import Goods, Shopper


@pytest.fixture
def closed(shopper: Shopper, sessions: Sessions) -> FlaskClient:
    """A shopper before a shop that is not open yet, though its shelves are filled."""
    with transaction(sessions) as tx:
        keep(tx, {OPENED: "no", "legal_imprint": "Us."})
    shopper.client.application.extensions["preferences"].forget()
    return shopper.client


@pytest.mark.parametrize("path", ["/", "/p/harbour-mug", "/c/kitchen", "/search?q=mug", "/cart", "/sign-in"])
def test_every_page_says_that_it_opens_soon(closed: FlaskClient, path: str) -> None:
    answer = closed.get(path)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "We open soon." in answer.text
    assert 'content="noindex"' in answer.text
    assert "Harbour mug" not in answer.text


def test_nothing_can_be_ordered_and_programs_are_told(closed: FlaskClient) -> None:
    bought = closed.post("/cart/lines", data={"sku": "MUG-1", "quantity": 1})
    asked = closed.get("/api/v1/products")

    assert (bought.status_code, asked.status_code) == (503, 503)
    assert "not open yet" in bought.text
    assert (asked.mimetype, asked.headers["Retry-After"]) == ("application/problem+json", "3600")


def test_who_stands_before_the_door_is_not_counted(closed: FlaskClient) -> None:
    assert closed.post("/seen", data={"path": "/"}).status_code == 204


def test_health_legal_texts_and_the_gateways_messages_go_on(closed: FlaskClient) -> None:
    assert closed.get("/readyz").status_code == 200
    assert closed.get("/robots.txt").status_code == 200
    assert "Us." in closed.get("/legal/imprint").text
    assert closed.post("/webhooks/demo", data=b"{}").status_code == 400


def test_staff_look_in_by_a_link_from_the_admin(closed: FlaskClient, settings: Settings) -> None:
    key = settings.secret_key.get_secret_value()
    for token in ("", "nonsense", sign(key, purpose=INVITATION, subject="staff")):
        assert closed.get("/look-in", query_string={"token": token}).status_code == 403

    answer = closed.get("/look-in", query_string={"token": sign(key, purpose=LOOK_IN, subject="staff")})

    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/")
    page = closed.get("/p/harbour-mug")
    assert "Harbour mug" in page.text
    assert "Not open: shoppers read that they cannot come in." in page.text
    stranger = closed.application.test_client()
    assert "We open soon." in stranger.get("/p/harbour-mug").text


def test_once_open_everybody_comes_in(closed: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        let_shoppers_in(tx)
    closed.application.extensions["preferences"].forget()

    page = closed.get("/p/harbour-mug").text
    assert "Harbour mug" in page
    assert "Not open:" not in page
