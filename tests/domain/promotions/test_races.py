"""Many at one promotion at the same moment, on real commits: the voucher attack of the paper ACIDRain."""

import pytest

from domain.orders.commands import cancel, enter_code
from domain.orders.errors import QuoteChanged
from domain.promotions.commands import update_promotion
from domain.promotions.errors import LimitTooLow
from domain.promotions.kinds import PERCENT
from domain.promotions.terms import Terms
from domain.shared.db import Sessions, transaction, utcnow
from tests.domain.orders.books import count, row
from tests.domain.orders.racers import at_once, in_transaction
from tests.factories.cart import make_checkout, make_terms
from tests.factories.catalog import make_product
from tests.factories.orders import Agreed, agree, place
from tests.factories.promotions import make_promotion


def carts_with(sessions: Sessions, code: str, emails: list[str]) -> list[Agreed]:
    """Carts that hold a code and stand before the last button."""
    ready = []
    with transaction(sessions) as tx:
        make_terms(tx)
        for email in emails:
            cart_id = make_checkout(tx, sku="MUG", email=email)
            enter_code(tx, cart_id=cart_id, code=code, now=utcnow(), currency="EUR", country="IE", locale="en_GB")
            ready.append(agree(tx, cart_id))
    return ready


def books(sessions: Sessions) -> tuple[int, ...]:
    """Orders, the promotion's counter, redemptions that stand, customers' counters, and orders with a discount."""
    with transaction(sessions) as tx:
        return row(
            tx,
            """SELECT (SELECT count(*) FROM orders.orders), (SELECT used FROM promotions.promotions),
            (SELECT count(*) FROM promotions.redemptions WHERE released_at IS NULL),
            (SELECT coalesce(sum(used), 0)::int FROM promotions.usages),
            (SELECT count(*) FROM orders.orders WHERE discount > 0 AND state <> 'cancelled')""",
        )


def test_forty_shoppers_use_a_code_for_ten_exactly_ten_times(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=100)
        make_promotion(tx, "TEN", limit_total=10)
    ready = carts_with(sessions, "TEN", [f"shopper{i}@example.com" for i in range(40)])

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

    refused = [one for one in results if isinstance(one, QuoteChanged)]
    assert (len(results) - len(refused), len(refused)) == (10, 30)
    assert {str(one) for one in refused} <= {
        "“Ten off” is no longer available. Please check your order again.",
        "TEN is used up: others were faster. Please check your order again.",
    }
    assert books(sessions) == (10, 10, 10, 10, 10)
    with transaction(sessions) as tx:
        assert row(tx, "SELECT reserved FROM catalog.stock") == (10,)


@pytest.mark.parametrize("limits", [{"limit_per_customer": 1}, {"limit_per_customer": 1, "limit_total": 50}])
def test_one_customer_in_ten_tabs_uses_a_code_for_one_exactly_once(sessions: Sessions, limits):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=100)
        make_promotion(tx, "ONCE", **limits)
    ready = carts_with(sessions, "ONCE", [f"ada+{i}@example.com" for i in range(10)])

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

    assert sum(isinstance(one, QuoteChanged) for one in results) == 9
    assert books(sessions) == (1, 1 if "limit_total" in limits else 0, 1, 1, 1)


def test_a_first_order_in_ten_tabs_is_one(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=100)
        make_promotion(tx, "HELLO", first_order=True)
    ready = carts_with(sessions, "HELLO", ["ada@example.com"] * 10)

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

    assert sum(isinstance(one, QuoteChanged) for one in results) == 9
    assert books(sessions)[-1] == 1


def test_orders_and_cancellations_at_once_leave_the_counters_right(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=100)
        make_promotion(tx, "FIVE", limit_total=5, limit_per_customer=1)
    first = carts_with(sessions, "FIVE", [f"first{i}@example.com" for i in range(5)])
    later = carts_with(sessions, "FIVE", [f"later{i}@example.com" for i in range(15)])
    placed = [in_transaction(sessions, place, agreed)() for agreed in first]

    at_once(
        *[
            in_transaction(sessions, cancel, order_id=one.order_id, actor="owner", reason="Asked")
            for one in placed
            for _ in range(2)
        ],
        *[in_transaction(sessions, place, agreed) for agreed in later],
    )

    _, used, standing, customers, discounted = books(sessions)
    assert used == standing == customers == discounted <= 5
    with transaction(sessions) as tx:
        assert row(tx, "SELECT count(*) FROM orders.orders WHERE state = 'cancelled'") == (5,)


def test_a_limit_that_staff_set_while_shoppers_order_counts_every_order(sessions: Sessions):
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=100)
        promotion = make_promotion(tx, "TEN")
    ready = carts_with(sessions, "TEN", [f"shopper{i}@example.com" for i in range(16)])
    limited = Terms(name="Ten off", kind=PERCENT, basis_points=1000, limit_total=8)

    def limit() -> None:
        with transaction(sessions) as tx:
            update_promotion(tx, promotion_id=promotion, version=1, terms=limited, codes=["TEN"])

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready], limit)

    orders, used, standing, _, _ = books(sessions)
    if isinstance(results[-1], LimitTooLow):
        assert (orders, used, standing) == (16 - sum(isinstance(one, QuoteChanged) for one in results), 0, orders)
    else:
        assert orders == used == standing <= 8


def test_two_promotions_and_stock_in_any_order_never_lock_each_other_out(sessions: Sessions):
    with transaction(sessions) as tx:
        for sku in ("MUG", "JUG"):
            make_product(tx, sku=sku, on_hand=100)
        make_promotion(tx, "TEN", limit_total=30)
        make_promotion(tx, name="Auto", limit_total=30)
        make_promotion(tx, name="Free for all", basis_points=500)
    ready = carts_with(sessions, "TEN", [f"shopper{i % 8}@example.com" for i in range(24)])

    results = at_once(*[in_transaction(sessions, place, agreed) for agreed in ready])

    assert not [one for one in results if isinstance(one, Exception)]
    with transaction(sessions) as tx:
        assert count(tx, "promotions.redemptions") == 72
