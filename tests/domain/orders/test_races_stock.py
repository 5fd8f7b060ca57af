"""The inventory attack: more shoppers than units, all past every check before anybody buys."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.cart.commands import add_line, save_address, save_delivery
from domain.orders.commands import cancel, expire_unpaid, ship
from domain.orders.errors import OutOfStock
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.errors import DomainError
from domain.shared.settings import Settings
from tests.domain.orders.books import count, row, state, stock
from tests.domain.orders.racers import at_once, carts_ready, in_lockstep, in_processes, in_transaction
from tests.factories.cart import ADDRESS, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import Agreed, agree, make_order, place


def place_in(sessions: Sessions, agreed: Agreed) -> str:
    """Place an order in a transaction of its own."""
    with transaction(sessions) as tx:
        return place(tx, agreed).number


def the_whole_way(sessions: Sessions, sku: str) -> list[Any]:
    """The steps of a shopper from the product to the order, each a request of its own."""

    def in_tx(deed: Any) -> Any:
        def run(found: Any) -> Any:
            with transaction(sessions) as tx:
                return deed(tx, found)

        return run

    def answer(tx: Any, cart_id: Any) -> Any:
        save_address(tx, cart_id=cart_id, shipping_address=ADDRESS, email="aoife@example.com")
        return cart_id

    def choose(tx: Any, cart_id: Any) -> Any:
        save_delivery(tx, cart_id=cart_id, method="standard")
        return cart_id

    return [
        in_tx(lambda tx, _: add_line(tx, cart_id=None, sku=sku, quantity=1)),
        in_tx(answer),
        in_tx(choose),
        in_tx(agree),
        in_tx(place),
    ]


@pytest.mark.parametrize("run", range(20))
def test_sixty_shoppers_get_twenty_units(sessions: Sessions, run: int) -> None:
    with transaction(sessions) as tx:
        make_terms(tx)
        mug = make_product(tx, sku="MUG", on_hand=20)

    results = in_lockstep([the_whole_way(sessions, "MUG")] * 60)

    refused = [one for one in results if isinstance(one, OutOfStock)]
    assert (len(results) - len(refused), len(refused)) == (20, 40)
    assert all(one.left == {"MUG": 0} for one in refused)
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (20, (20, 20))
        assert row(tx, "SELECT sum(reserved), count(*) FROM catalog.stock_movements WHERE kind = 'reserved'") == (
            20,
            20,
        )


def test_sixty_shoppers_at_four_processes_get_twenty_units(sessions: Sessions, settings: Settings) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=20)
    ready = carts_ready(sessions, ["MUG"] * 60)

    results = in_processes(settings.database_url, place_in, [ready[share::4] for share in range(4)])

    assert (results.count("OutOfStock"), len(set(results) - {"OutOfStock"})) == (40, 20)
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (20, (20, 20))


def test_where_stock_is_read_and_then_written_the_constraint_has_the_last_word(sessions: Sessions) -> None:
    """The same race with the usual mistake in it: all sixty see twenty units, and only the CHECK stops forty."""
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=20)
    variant = {"id": mug.variant_id}
    seen: list[int] = []

    def look(_: Any) -> None:
        with transaction(sessions) as tx:
            seen.append(row(tx, "SELECT on_hand - reserved FROM catalog.stock WHERE variant_id = :id", **variant)[0])

    def take(_: Any) -> str:
        try:
            with transaction(sessions) as tx:
                tx.execute(text("UPDATE catalog.stock SET reserved = reserved + 1 WHERE variant_id = :id"), variant)
        except IntegrityError as error:
            return str(error.orig.diag.constraint_name)
        return "sold"

    results = in_lockstep([[look, take]] * 60)

    assert seen == [20] * 60
    assert (results.count("sold"), results.count("ck_stock_no_oversell")) == (20, 40)


def test_a_thousand_shoppers_for_one_hot_variant(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_terms(tx)
        mug = make_product(tx, sku="MUG", on_hand=100)
    with ThreadPoolExecutor(8) as pool:
        ready = [one for some in pool.map(lambda _: carts_ready(sessions, ["MUG"] * 50), range(20)) for one in some]

    def buy(agreed: Agreed) -> Any:
        try:
            return place_in(sessions, agreed)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(buy, ready))

    refused = [one for one in results if isinstance(one, OutOfStock)]
    assert (len(set(map(str, results))) - 1, len(refused)) == (100, 900)
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (100, (100, 100))


def test_two_units_for_orders_of_two_and_one_are_never_sold_three_times(sessions: Sessions) -> None:
    for _ in range(5):
        with transaction(sessions) as tx:
            mug = make_product(tx, on_hand=2)
        ready = [*carts_ready(sessions, [mug.sku] * 3), *carts_ready(sessions, [mug.sku] * 3, quantity=2)]

        placed = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

        sold = sum(units for one, units in zip(placed, [1, 1, 1, 2, 2, 2], strict=True) if not _refused(one))
        with transaction(sessions) as tx:
            assert (sold <= 2, stock(tx, mug.variant_id)) == (True, (2, sold))


def test_what_expires_is_freed_once_by_however_many_schedulers(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=20)
        placed = [make_order(tx, sku="MUG") for _ in range(20)]
        tx.execute(text("UPDATE orders.orders SET expires_at = now() - interval '1 minute'"))

    expired = at_once(*[lambda: expire_unpaid(sessions, {}, now=utcnow())] * 4)

    assert sum(expired) == 20
    with transaction(sessions) as tx:
        assert {state(tx, one.order_id) for one in placed} == {"cancelled"}
        assert stock(tx, mug.variant_id) == (20, 0)
        assert row(tx, "SELECT count(*) FROM catalog.stock_movements WHERE kind = 'released'") == (20,)


def test_units_that_are_freed_go_to_exactly_one_of_those_who_wait(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=3)
    waiting = carts_ready(sessions, ["MUG"] * 12)
    with transaction(sessions) as tx:
        first = [make_order(tx, sku="MUG") for _ in range(3)]

    results = at_once(
        *[in_transaction(sessions, cancel, order_id=one.order_id, actor="shopper", reason="Changed") for one in first],
        *[in_transaction(sessions, place, agreed) for agreed in waiting],
    )

    sold = sum(not _refused(one) for one in results[3:])
    with transaction(sessions) as tx:
        assert (sold <= 3, stock(tx, mug.variant_id)) == (True, (3, sold))


def test_parcels_of_one_order_sent_at_once_hold_what_was_bought(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", on_hand=5)
        order = make_order(tx, sku="MUG", quantity=3, paid=True)
        line = row(tx, "SELECT id FROM orders.lines WHERE order_id = :id", id=order.order_id)[0]

    parcels = [
        in_transaction(
            sessions, ship, order_id=order.order_id, actor="owner", carrier="An Post", tracking_number=f"T{number}",
            quantities={line: 1},
        )
        for number in range(6)
    ]  # fmt: skip

    assert sum(not _refused(one) for one in at_once(*parcels)) == 3
    with transaction(sessions) as tx:
        assert (state(tx, order.order_id), stock(tx, mug.variant_id)) == ("shipped", (2, 0))


def _refused(result: Any) -> bool:
    return isinstance(result, DomainError)
