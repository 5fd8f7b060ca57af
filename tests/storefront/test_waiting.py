"""Asking to be told when a sold-out variant is back: as a page, as a part of one, and never twice."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.shared.db import Sessions, transaction
from tests.factories.catalog import make_product
from tests.storefront.conftest import PART


@pytest.fixture(autouse=True)
def sold_out(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="JUG-1", title="Linen jug", on_hand=0)


def waiting(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(text("SELECT email FROM notifications.stock_waits ORDER BY email")))


def test_what_is_sold_out_offers_to_tell_when_it_is_back(client: FlaskClient) -> None:
    page = client.get("/p/linen-jug").text

    assert "Sold out" in page
    assert 'action="/p/linen-jug/waits"' in page
    assert 'name="sku" value="JUG-1"' in page


def test_a_wish_is_noted_and_the_page_says_so(client: FlaskClient, sessions: Sessions) -> None:
    for _ in range(2):
        answer = client.post("/p/linen-jug/waits", data={"sku": "JUG-1", "email": "Ana@example.com"})

    assert answer.status_code == 303
    assert "We write to you once" in client.get(answer.headers["Location"]).text
    assert waiting(sessions) == ["ana@example.com"]


def test_htmx_swaps_the_form_for_the_answer(client: FlaskClient, sessions: Sessions) -> None:
    answer = client.post("/p/linen-jug/waits", data={"sku": "JUG-1", "email": "ana@example.com"}, headers=PART)

    assert answer.status_code == 200
    assert answer.text.startswith('<hx-partial hx-target="#waiting"')
    assert "We write to you once" in answer.text
    assert waiting(sessions) == ["ana@example.com"]


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
@pytest.mark.parametrize("email", ["", "ana", "ana@", "a" * 300 + "@example.com", "<b>@example.com"])
def test_a_bad_address_is_refused_beside_the_field(
    client: FlaskClient, sessions: Sessions, email: str, headers: dict[str, str]
) -> None:
    answer = client.post("/p/linen-jug/waits", data={"sku": "JUG-1", "email": email}, headers=headers)

    assert answer.status_code == 422
    assert 'aria-describedby="email-error"' in answer.text
    assert waiting(sessions) == []


def test_a_vanished_variant_is_not_found(client: FlaskClient, sessions: Sessions) -> None:
    answer = client.post("/p/linen-jug/waits", data={"sku": "GONE", "email": "ana@example.com"})

    assert answer.status_code == 404
    assert waiting(sessions) == []
