"""Before a promotion, a price of delivery or a rate of tax is saved, staff see what it would do to real carts."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.cart.commands import add_line
from domain.shared.db import Sessions, transaction, utcnow
from tests.admin.conftest import StaffClient
from tests.admin.test_promotions import NEW
from tests.domain.promotions.carts import summary
from tests.factories.catalog import make_product
from tests.factories.delivery import make_method, make_rate
from tests.factories.promotions import make_promotion
from tests.processes import eventually, waiting_for_locks

NOW_AND_THEN = NEW | {"starts_at": "", "ends_at": "", "min_subtotal": "", "do": "try"}


@pytest.fixture
def carts(sessions: Sessions) -> list[UUID]:
    """Three carts of one mug, two mugs and a jug."""
    with transaction(sessions) as tx:
        make_method(tx, "post", price=500)
        make_rate(tx, "IE", 2300, name="VAT")
        make_product(tx, sku="MUG", title="Mug", price=1000, on_hand=50)
        make_product(tx, sku="JUG", title="Jug", price=3000, on_hand=50)
        return [
            add_line(tx, cart_id=None, sku=sku, quantity=quantity)
            for sku, quantity in (("MUG", 1), ("MUG", 2), ("JUG", 1))
        ]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition('id="tried"')[2].partition("</section>")[0]).split())


def rows(sessions: Sessions) -> list[object]:
    with sessions() as session:
        return [
            session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()  # noqa: S608
            for table in (
                "promotions.promotions", "promotions.codes", "cart.carts", "cart.lines", "orders.delivery_methods",
                "orders.tax_rates", "shared.outbox", "shared.audit_entries",
            )
        ]  # fmt: skip


def test_a_new_promotion_is_tried_on_the_last_carts_and_leaves_nothing(
    staff: StaffClient, sessions: Sessions, carts: list[UUID]
) -> None:
    client = staff("manager")
    before = rows(sessions)

    page = client.post("/promotions", data=NOW_AND_THEN | {"min_subtotal": "20"})

    assert page.status_code == 200
    found = text_of(page.text)
    # 12.5 % of 20.00 and of 30.00 are 2.50 and 3.75.
    assert "2 of 3 would get it, and cost €3.13 less than now on average." in found
    assert "now €0.00 then €3.75" in found
    assert rows(sessions) == before
    assert 'value="Welcome"' in page.text


def test_what_is_shown_is_what_the_cart_then_costs(staff: StaffClient, sessions: Sessions, carts: list[UUID]) -> None:
    client = staff("manager")
    offer = NOW_AND_THEN | {"how": "automatic", "codes": ""}
    found = text_of(client.post("/promotions", data=offer).text)
    totals = set(re.findall(r"then (€[\d.]+)", found))

    assert client.post("/promotions", data=offer | {"do": ""}).status_code == 303
    with sessions() as session:
        paid = {f"€{summary(session, cart_id).quote.total.amount / 100:.2f}" for cart_id in carts}
    assert paid <= totals


def test_one_that_begins_later_or_is_switched_off_is_tried_as_if_it_ran(
    staff: StaffClient, sessions: Sessions, carts: list[UUID]
) -> None:
    later = f"{utcnow() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    answers = {name: value for name, value in NOW_AND_THEN.items() if name != "active"}

    page = staff("manager").post("/promotions", data=answers | {"starts_at": later})

    assert "3 of 3 would get it" in text_of(page.text)


def test_a_promotion_that_is_changed_is_compared_with_what_it_gives_now(
    staff: StaffClient, sessions: Sessions, carts: list[UUID]
) -> None:
    client = staff("manager")
    offer = NOW_AND_THEN | {"how": "automatic", "codes": "", "percent": "10"}
    made = client.post("/promotions", data=offer | {"do": ""}).location
    more = client.post(made, data=offer | {"percent": "5"})

    assert "cost €1.00 more than now on average" in text_of(more.text)


def test_what_cannot_be_saved_is_not_tried_either(staff: StaffClient, sessions: Sessions, carts: list[UUID]) -> None:
    page = staff("manager").post("/promotions", data=NOW_AND_THEN | {"percent": "700"})

    assert page.status_code == 422
    assert 'id="tried"' not in page.text


def test_without_carts_one_is_filled_for_it(staff: StaffClient, sessions: Sessions) -> None:
    client = staff("manager")
    assert "There is no cart to try it on" in text_of(client.post("/promotions", data=NOW_AND_THEN).text)
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", title="Mug", price=1000, on_hand=50)

    found = text_of(client.post("/promotions", data=NOW_AND_THEN).text)
    assert "one that was filled for it" in found
    assert "1 of 1 would get it" in found
    with sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM cart.carts")) == 0


def test_a_price_of_delivery_is_tried(staff: StaffClient, sessions: Sessions, carts: list[UUID]) -> None:
    client = staff("manager")
    with sessions() as session:
        code, price = session.execute(
            text("SELECT code, price FROM orders.delivery_methods ORDER BY position, code LIMIT 1")
        ).one()
    answers = {"name": "Post", "priced_by": "flat", "price": "9.99", "min_days": "1", "max_days": "2",
               "position": "0", "active": "y", "do": "try"}  # fmt: skip
    before = rows(sessions)

    found = text_of(client.post(f"/delivery/methods/{code}", data=answers).text)

    assert "3 of 3 would change" in found
    assert f"now €{price / 100:.2f} then €9.99" in found
    assert rows(sessions) == before


def test_a_rate_of_tax_is_tried_from_the_day_it_holds(
    staff: StaffClient, sessions: Sessions, carts: list[UUID]
) -> None:
    client = staff("owner")
    answers = {"country": "IE", "region": "", "tax_class": "standard", "percent": "10", "name": "VAT", "source": "",
               "valid_from": f"{utcnow() + timedelta(days=60):%Y-%m-%d}", "do": "try"}  # fmt: skip
    before = rows(sessions)

    found = text_of(client.post("/tax/rates", data=answers).text)

    # A tenth in 30.00 and the delivery; prices stay as they are.
    assert "3 of 3 would change, and cost the same as now on average." in found
    assert rows(sessions) == before


def test_carts_are_locked_before_promotions_as_checkouts_do(
    staff: StaffClient, sessions: Sessions, carts: list[UUID]
) -> None:
    client = staff("manager")
    with transaction(sessions) as tx:
        promotion = make_promotion(tx, "TEN")
    page = client.get(f"/promotions/{promotion}").text
    form = NOW_AND_THEN | {
        "automatic": "",
        "codes": "TEN",
        "version": re.findall(r'name="version" value="(\d+)"', page)[0],
    }

    with ThreadPoolExecutor(1) as pool, transaction(sessions) as buyer:
        buyer.execute(text("SELECT id FROM cart.carts ORDER BY id LIMIT 1 FOR UPDATE"))
        trying = pool.submit(client.post, f"/promotions/{promotion}", data=form)
        eventually(lambda: waiting_for_locks(sessions, saying="cart.carts"))
        buyer.execute(text("SET LOCAL lock_timeout = '2s'"))
        buyer.execute(text("SELECT id FROM promotions.promotions FOR UPDATE"))
        buyer.rollback()
        assert trying.result(30).status_code == 200
