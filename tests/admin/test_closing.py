"""A shop that is open can be closed for a while, with words for its shoppers, and opened again."""

import html

from flask.testing import FlaskClient
from sqlalchemy import text

from domain.shared.db import Sessions, transaction
from domain.shared.preferences import CLOSED_MESSAGE, OPENED, Preferences, keep, preferences
from tests.admin.conftest import StaffClient, send
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method
from tests.factories.orders import make_order

WORDS = "We are on holiday until 12 January."


def present(sessions: Sessions) -> Preferences:
    with sessions() as session:
        return preferences(session)


def test_an_owner_closes_the_shop_and_opens_it_again(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("owner", "Ada")
    with transaction(sessions) as tx:
        make_method(tx, "post")
        make_product(tx, on_hand=3)

    assert send(client, "/settings/closing", {"message": WORDS}).status_code == 303
    assert (present(sessions).open, present(sessions).closed, present(sessions).closed_message) == (False, True, WORDS)
    assert WORDS in html.unescape(client.get("/").text)
    assert "Set up your shop" not in client.get("/").text

    assert client.post("/settings/closing/end").status_code == 303
    assert present(sessions).open
    assert WORDS not in client.get("/").text
    # The words are there the next time.
    assert WORDS in client.get("/settings/closing").text
    with sessions() as session:
        done = session.scalars(text("SELECT action FROM shared.audit_entries ORDER BY created_at")).all()
    assert done[-2:] == ["closing.close", "closing.reopen"]


def test_without_words_it_stays_open(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("owner")
    for words, problem in (("  ", "Tell shoppers why"), ("x" * 301, "at most 300 letters")):
        answer = send(client, "/settings/closing", {"message": words})
        assert (answer.status_code, problem in answer.text) == (422, True)
    assert present(sessions).open


def test_it_does_not_open_again_while_nothing_could_be_ordered(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("owner")
    send(client, "/settings/closing", {"message": WORDS})

    assert client.post("/settings/closing/end").location == "/start"
    assert present(sessions).closed


def test_a_shop_that_was_never_open_is_not_closed(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        keep(tx, {OPENED: "no"})
    client = staff("owner")
    seen = present(sessions).stamp((OPENED, CLOSED_MESSAGE))
    client.post("/settings/closing", data={"message": WORDS, "version": seen})

    assert (present(sessions).open, present(sessions).closed) == (False, False)


def test_shoppers_read_why_and_their_orders_go_on(
    staff: StaffClient, storefront: FlaskClient, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        order = make_order(tx, paid=True)
        key = tx.scalar(text("SELECT access_key FROM orders.orders"))
    send(staff("owner"), "/settings/closing", {"message": WORDS})
    storefront.application.extensions["preferences"].forget()

    page = storefront.get("/")
    assert (page.status_code, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "3600", "no-store")
    assert ("We are closed for now." in page.text, WORDS in page.text) == (True, True)
    refused = storefront.post("/cart/lines", data={"sku": "MUG", "quantity": 1})
    assert (refused.status_code, WORDS in refused.text) == (503, True)
    asked = storefront.get("/api/v1/products")
    assert (asked.status_code, asked.json["detail"]) == (503, WORDS)
    assert storefront.get(f"/orders/{order.number}?key={key}", follow_redirects=True).status_code == 200
    assert storefront.get("/sign-in").status_code == 200
    assert storefront.get("/password/forgotten").status_code == 200
    shown = storefront.get(f"/api/v1/orders/{order.number}", headers={"Order-Key": key})
    assert (shown.status_code, shown.json["number"]) == (200, order.number)
    # Refused for what was sent, not for where.
    assert storefront.post("/api/v1/tokens", json={}).status_code in {400, 422}
    assert storefront.post("/api/v1/orders", json={}).status_code == 503
    assert storefront.get("/checkout").status_code == 503
