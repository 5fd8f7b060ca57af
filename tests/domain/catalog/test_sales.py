"""Sale windows: the price follows the database's clock, everywhere at once, to the microsecond."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from domain.cart.queries import view_cart
from domain.catalog import commands
from domain.catalog.commands import listing
from domain.catalog.errors import WrongOffer, WrongPrice
from domain.catalog.queries import buyable_by_sku, product_page
from domain.orders.errors import QuoteChanged
from domain.orders.queries import admin_order
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from tests.factories.cart import make_cart, make_checkout
from tests.factories.catalog import make_product
from tests.factories.orders import agree, place

TICK = timedelta(microseconds=1)


@pytest.fixture
def mug(session):
    return make_product(session, price=1000, slug="mug")


@pytest.fixture
def now(session):
    """The moment of the test's transaction, which does not pass."""
    return session.scalar(select(func.now()))


def prices(session, mug):
    """Return price and former price as the page, the cart and the list have them."""
    listing.refresh(session, [mug.id])
    variant = product_page(session, "mug", "EUR").variants[0]
    bought = buyable_by_sku(session, mug.sku)
    listed = session.execute(text("SELECT price_min, compare_at FROM catalog.listings")).one()
    before = variant.compare_at.amount if variant.compare_at else None
    assert (variant.price.amount, before) == (bought.price, bought.compare_at) == tuple(listed)
    return tuple(listed)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (None, None, (800, 1000)),
        (timedelta(0), None, (800, 1000)),
        (TICK, None, (1000, None)),
        (None, timedelta(0), (1000, None)),
        (None, TICK, (800, 1000)),
        (-TICK, TICK, (800, 1000)),
        (-2 * TICK, -TICK, (1000, None)),
    ],
)
def test_a_sale_runs_from_its_start_until_just_before_its_end(session, mug, now, starts, ends, expected):
    commands.set_sale(
        session,
        variant_id=mug.variant_id,
        sale_price=800,
        starts_at=None if starts is None else now + starts,
        ends_at=None if ends is None else now + ends,
    )

    assert prices(session, mug) == expected


def test_the_former_price_of_a_sale_is_the_regular_one(session, now):
    mug = make_product(session, price=1000, compare_at=1500, slug="mug")
    assert prices(session, mug) == (1000, 1500)

    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=None, ends_at=now + TICK)

    assert prices(session, mug) == (800, 1000)


def test_a_cart_is_quoted_at_the_price_of_the_moment(session, mug, now):
    cart_id = make_cart(session, sku=mug.sku, quantity=2)
    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=now, ends_at=None)

    (line,) = view_cart(session, cart_id, currency="EUR").lines

    assert (line.unit_price, line.total) == (Money(800, "EUR"), Money(1600, "EUR"))
    assert line.notice == "The price has changed from €10.00 to €8.00."


def test_the_moment_of_the_next_change_is_minded(session, mug, now):
    def turns():
        session.expire_all()
        return session.scalar(text("SELECT price_turns_at FROM catalog.variants"))

    def changes():
        found = select(func.count()).where(OutboxMessage.name == "catalog.product_changed")
        return session.scalar(found)

    start, end = now + timedelta(hours=1), now + timedelta(hours=2)
    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=start, ends_at=end)
    assert turns() == start
    before = changes()
    assert (commands.turn_prices(session), changes()) == (0, before)

    for passed, expected in ((start, end), (end, None)):
        session.execute(
            text(
                "UPDATE catalog.variants SET sale_starts_at = sale_starts_at - CAST(:by AS interval),"
                " sale_ends_at = sale_ends_at - CAST(:by AS interval), price_turns_at = now()"
            ),
            {"by": timedelta(hours=1)},
        )
        session.expire_all()
        assert (commands.turn_prices(session), changes()) == (1, before + 1), passed
        before += 1
        assert turns() == (None if expected is None else expected - timedelta(hours=1))
        assert commands.turn_prices(session) == 0


@pytest.mark.parametrize(("price", "hours"), [(1000, 1), (1200, 1), (-1, 1), (800, 0), (800, -1)])
def test_a_wrong_sale_changes_nothing(session, mug, now, price, hours):
    with pytest.raises(WrongOffer):
        commands.set_sale(
            session, variant_id=mug.variant_id, sale_price=price, starts_at=now, ends_at=now + timedelta(hours=hours)
        )

    session.expire_all()
    assert prices(session, mug) == (1000, None)


def test_the_price_stays_above_the_sale_price(session, mug):
    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=None, ends_at=None)

    with pytest.raises(WrongPrice, match="sale price"):
        commands.set_price(session, variant_id=mug.variant_id, price=800, compare_at=None)
    commands.set_sale(session, variant_id=mug.variant_id, sale_price=None, starts_at=None, ends_at=None)
    commands.set_price(session, variant_id=mug.variant_id, price=700, compare_at=None)

    session.expire_all()
    assert prices(session, mug) == (700, None)


def test_an_order_keeps_the_price_it_was_placed_at_and_none_is_placed_at_another(session, mug, now):
    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=now, ends_at=None)
    placed = place(session, agree(session, make_checkout(session, sku=mug.sku, quantity=2)))
    agreed = agree(session, make_checkout(session, sku=mug.sku))

    commands.set_sale(session, variant_id=mug.variant_id, sale_price=800, starts_at=None, ends_at=now)

    (line,) = admin_order(session, placed.number).lines
    assert (line.unit_price, line.total) == (Money(800, "EUR"), Money(1600, "EUR"))
    with pytest.raises(QuoteChanged):
        place(session, agreed)
