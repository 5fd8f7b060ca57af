"""Reviews in the shop: reading, writing by account and by an order's link, voting, and leaving."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update

from domain.orders.models import Order
from domain.shared.db import Sessions, transaction
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.reviews import make_review
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.conftest import PART, Goods

SAID = {"stars": "4", "title": "Good to hold", "words": "A fine weight.\n\nThe glaze is <even>.", "author": "Ada"}


def one(sessions: Sessions, statement: str) -> object:
    with sessions() as session:
        return session.scalar(text(statement))


@pytest.fixture
def goods(sessions: Sessions) -> Goods:
    """A mug that people buy, and a vase that nobody does; the first order says how they travel."""
    with transaction(sessions) as tx:
        mug, vase = make_product(tx, sku="MUG-1", title="Harbour mug", on_hand=20), make_product(tx, title="Tall vase")
    return Goods(mug=mug, bowl=mug, vase=vase)


@pytest.fixture
def link(goods: Goods, sessions: Sessions) -> str:
    """The query of a paid guest order for a mug."""
    with transaction(sessions) as tx:
        order = make_order(tx, sku="MUG-1", paid=True)
    return f"order={order.number}&key={order.access_key}"


@pytest.fixture
def ada(client: FlaskClient, goods: Goods, sessions: Sessions) -> FlaskClient:
    """Ada, who is signed in and has bought a mug."""
    with transaction(sessions) as tx:
        shopper = make_shopper(tx, email="ada@example.com", name="Ada Byrne")
        order = make_order(tx, sku="MUG-1", paid=True, email="ada@example.com")
        tx.execute(update(Order).where(Order.id == order.order_id).values(shopper_id=shopper.id))
    client.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    return client


def test_a_guest_writes_by_the_link_of_the_letter(client: FlaskClient, sessions: Sessions, goods: Goods,
                                                  link: str) -> None:  # fmt: skip
    number, key = re.findall(r"=([^&]+)", link)
    assert client.get(f"/orders/{number}/reviews?key=wrong").status_code == 404
    page = client.get(f"/orders/{number}/reviews?key={key}").text
    assert f"/p/{goods.mug.slug}/review?order={number}&amp;key={key}" in page
    path = f"/p/{goods.mug.slug}/review"
    assert client.get(f"{path}?order={number}&key=wrong").status_code == 404
    form = client.get(f"{path}?{link}")
    assert 'value="Aoife"' in form.text
    assert form.headers["Referrer-Policy"] == "same-origin"

    answer = client.post(f"{path}?{link}", data=SAID)

    assert (answer.status_code, answer.location) == (303, f"{path}?kept=1&{link}")
    page = client.get(answer.location).text
    assert "We read your review" in page
    assert "The glaze is &lt;even&gt;." in page
    assert "Good to hold" not in client.get(f"/p/{goods.mug.slug}").text
    assert one(sessions, "SELECT state || email FROM reviews.reviews") == "pendingaoife@example.com"

    assert client.post(f"{path}/removal?{link}").status_code == 303
    assert one(sessions, "SELECT count(*) FROM reviews.reviews") == 0


def test_a_shopper_writes_changes_and_takes_back(ada: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    path = f"/p/{goods.mug.slug}/review"
    assert f'href="{path}"' in ada.get("/account/reviews").text

    wrong = ada.post(path, data=SAID | {"stars": "9", "title": ""})
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.text
    assert 'href="#stars"' in wrong.text
    assert "A fine weight." in wrong.text
    assert one(sessions, "SELECT count(*) FROM reviews.reviews") == 0

    ada.post(path, data=SAID)
    ada.post(path, data=SAID | {"stars": "2"})
    assert one(sessions, "SELECT stars || state FROM reviews.reviews") == "2pending"
    assert "Good to hold" in ada.get("/account/reviews").text
    assert [row["title"] for row in json.loads(ada.get("/account/data/export.json").text)["reviews"]] == [
        "Good to hold"
    ]


def test_who_has_not_bought_is_told_so_and_who_is_unknown_is_asked(
    client: FlaskClient, ada: FlaskClient, new_client: Callable[[], FlaskClient], sessions: Sessions, goods: Goods
) -> None:
    path = f"/p/{goods.vase.slug}/review"
    assert "we find no such order" in ada.get(path).text
    assert ada.post(path, data=SAID).status_code == 422
    stranger = new_client()
    for answer in (stranger.get(path), stranger.post(path, data=SAID), stranger.post(f"{path}/removal")):
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")
    assert one(sessions, "SELECT count(*) FROM reviews.reviews") == 0


def test_a_product_shows_its_reviews_in_two_statements_and_the_tile_says_the_stars(
    client: FlaskClient, sessions: Sessions, goods: Goods, statements
) -> None:
    with transaction(sessions) as tx:
        for number in range(8):
            make_review(tx, goods.mug, email=f"r{number}@example.com", stars=5 - number % 2)
    path = f"/p/{goods.mug.slug}"
    client.get(path)

    with statements() as seen:
        page = client.get(path)

    assert len(seen) == 2
    assert "4.5" in page.text
    assert "from 8 reviews" in page.text
    assert page.text.count('class="review"') == 6
    assert "verified purchase" in page.text
    assert page.headers["Cache-Control"].startswith("public")
    with statements() as seen:
        assert client.get(f"/p/{goods.vase.slug}").text.count("Nobody has written") == 1
    assert len(seen) == 1
    second = client.get(f"{path}/reviews?page=2&sort=newest")
    assert second.text.count('class="review"') == 2
    part = client.get(f"{path}/reviews?stars=4", headers=PART).text
    assert part.startswith('<hx-partial hx-target="#reviews"')
    assert part.count('class="review"') == 4
    assert client.get(f"{path}/reviews?page=99999&stars=x&sort=y").status_code == 200


def test_a_signed_in_shopper_says_once_that_a_review_helped(
    ada: FlaskClient, new_client: Callable[[], FlaskClient], sessions: Sessions, goods: Goods
) -> None:
    with transaction(sessions) as tx:
        review_id = make_review(tx, goods.mug)
    votes = f"/p/{goods.mug.slug}/reviews/{review_id}/votes"

    sent = new_client().post(votes)
    assert (sent.status_code, sent.location) == (303, f"/sign-in?next=/p/{goods.mug.slug}/reviews")
    assert new_client().post(votes, headers=PART).headers["HX-Redirect"] == sent.location

    answer = ada.post(votes)
    assert (answer.status_code, answer.location) == (303, f"/p/{goods.mug.slug}/reviews#review-{review_id}")
    part = ada.post(votes, headers=PART).text
    assert "1 shopper found this helpful" in part
    assert f'action="{votes}/removal"' in part
    assert one(sessions, "SELECT helpful FROM reviews.reviews") == 1
    ada.post(f"{votes}/removal")
    assert one(sessions, "SELECT helpful FROM reviews.reviews") == 0


def test_the_page_after_the_letters_question_leads_to_reviews(client: FlaskClient, link: str) -> None:
    number, key = re.findall(r"=([^&]+)", link)

    page = client.post(f"/orders/{number}/opinion?key={key}", data={"score": "5", "words": ""}).text

    assert f'href="/orders/{number}/reviews?key={key}"' in page
