"""The cart attack: what is in the cart changes while it is ordered and paid; and repeats from several processes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from domain.cart.commands import add_line, change_line
from domain.orders.commands import receive_webhook, settle_payment, start_payment
from domain.orders.errors import EmptyCart, QuoteChanged
from domain.payments.gateways.port import Outcome
from domain.shared.db import Sessions, transaction
from domain.shared.errors import DomainError
from domain.shared.settings import Settings
from tests.domain.orders.books import count, events, row, state, stock
from tests.domain.orders.racers import at_once, carts_ready, in_lockstep, in_processes, in_transaction
from tests.factories.catalog import make_product
from tests.factories.orders import RETURN_URL, Agreed, MemoryGateway, agree, message, place


@dataclass(frozen=True)
class Settling:
    """A payment and what its gateway says, as it goes to another process."""

    payment_id: UUID
    outcome: Outcome


def place_again(sessions: Sessions, agreed: Agreed) -> str:
    """Place an order in a transaction of its own; its number comes back."""
    with transaction(sessions) as tx:
        return place(tx, agreed).number


def settle(sessions: Sessions, settling: Settling) -> bool:
    """Carry out what a gateway says, in a transaction of its own."""
    with transaction(sessions) as tx:
        return settle_payment(tx, payment_id=settling.payment_id, outcome=settling.outcome)


@pytest.mark.parametrize("run", range(10))
def test_the_cart_that_changes_between_the_last_page_and_the_button_is_never_ordered_unseen(
    sessions: Sessions, run: int
) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", price=1000, on_hand=50)
        make_product(tx, sku="RING", price=90_000, on_hand=50)
    [before] = carts_ready(sessions, ["MUG"])
    seen: list[Agreed] = []

    def look(_: Any) -> None:
        with transaction(sessions) as tx:
            seen.append(agree(tx, before.cart_id))

    def order(_: Any) -> Any:
        return in_transaction(sessions, place, seen[0])()

    def nothing(_: Any) -> None:
        return None

    def slip_in(_: Any) -> None:
        in_transaction(sessions, add_line, cart_id=before.cart_id, sku="RING", quantity=1)()

    placed, *_ = in_lockstep([[look, order], [nothing, slip_in]])

    with transaction(sessions) as tx:
        if isinstance(placed, QuoteChanged):
            assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (0, (50, 0))
        else:
            lines = row(tx, "SELECT string_agg(sku, ','), sum(total) FROM orders.lines")
            assert lines == ("MUG", 1000)
            assert row(tx, "SELECT total FROM orders.orders") == (seen[0].total,)
        assert row(tx, "SELECT sum(quantity) FROM cart.lines") == (2,)


@pytest.mark.parametrize("run", range(5))
def test_what_is_put_in_the_cart_while_the_payment_arrives_is_neither_free_nor_lost(
    sessions: Sessions, run: int
) -> None:
    gateway = MemoryGateway()
    gateways = {"memory": gateway}
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", price=1000, on_hand=50)
        jug = make_product(tx, sku="JUG", price=3000, on_hand=50)
    [agreed] = carts_ready(sessions, ["MUG"])
    placed = in_transaction(sessions, place, agreed)()
    start_payment(sessions, gateways, order_id=placed.order_id, return_url=RETURN_URL)
    payment_id = gateway.created[0].payment_id
    gateway.shopper(payment_id, "captured")

    at_once(
        lambda: receive_webhook(sessions, gateways, **message(payment_id)),
        lambda: receive_webhook(sessions, gateways, **message(payment_id)),
        in_transaction(sessions, add_line, cart_id=agreed.cart_id, sku="JUG", quantity=1),
        in_transaction(sessions, add_line, cart_id=agreed.cart_id, sku="MUG", quantity=2),
        in_transaction(sessions, add_line, cart_id=agreed.cart_id, sku="JUG", quantity=1),
    )

    with transaction(sessions) as tx:
        assert state(tx, placed.order_id) == "paid"
        assert row(tx, "SELECT sku, quantity, total FROM orders.lines") == ("MUG", 1, 1000)
        left = "SELECT coalesce(sum(quantity), 0) FROM cart.lines WHERE variant_id = :id"
        assert row(tx, left, id=jug.variant_id) == (2,)
        assert row(tx, left, id=mug.variant_id) == (2,)
        assert stock(tx, mug.variant_id) == (50, 1)


def test_emptying_the_cart_and_ordering_it_at_once_do_one_of_them(sessions: Sessions) -> None:
    for _ in range(5):
        with transaction(sessions) as tx:
            mug = make_product(tx, on_hand=5)
        [agreed] = carts_ready(sessions, [mug.sku])

        placed, _ = at_once(
            in_transaction(sessions, place, agreed),
            in_transaction(sessions, change_line, cart_id=agreed.cart_id, variant_id=mug.variant_id, quantity=0),
        )

        with transaction(sessions) as tx:
            if isinstance(placed, DomainError):
                assert isinstance(placed, QuoteChanged | EmptyCart)
                assert stock(tx, mug.variant_id) == (5, 0)
            else:
                assert stock(tx, mug.variant_id) == (5, 1)


def test_one_submit_repeated_by_four_processes_is_one_order(sessions: Sessions, settings: Settings) -> None:
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG")
    [agreed] = carts_ready(sessions, ["MUG"])

    numbers = in_processes(settings.database_url, place_again, [[agreed] * 3] * 4)

    assert (len(numbers), len(set(numbers))) == (12, 1)
    with transaction(sessions) as tx:
        assert (count(tx, "orders.orders"), stock(tx, mug.variant_id)) == (1, (10, 1))


def test_one_payment_settled_by_four_processes_pays_once(sessions: Sessions, settings: Settings) -> None:
    gateway = MemoryGateway()
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", price=1000)
    [agreed] = carts_ready(sessions, ["MUG"])
    placed = in_transaction(sessions, place, agreed)()
    start_payment(sessions, {"memory": gateway}, order_id=placed.order_id, return_url=RETURN_URL)
    payment_id = gateway.created[0].payment_id
    captured = Settling(payment_id, Outcome(state="captured", captured=agreed.total, reference=f"mem_{payment_id}"))
    failed = Settling(payment_id, Outcome(state="failed", failure_code="card_declined"))

    news = in_processes(settings.database_url, settle, [[captured, captured, failed]] * 4)

    # A failure may be told first, as a late message does; the money counts all the same, and once.
    assert 1 <= sum(news) <= 2
    with transaction(sessions) as tx:
        assert state(tx, placed.order_id) == "paid"
        assert events(tx).count("order_paid") == 1
        assert row(tx, "SELECT captured, refunded FROM payments.payments") == (agreed.total, 0)
