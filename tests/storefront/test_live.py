"""Many open order pages share one look at the database, see a change soon, and tell nothing to a wrong key."""

import pytest
from sqlalchemy import update

from domain.orders.errors import NoSuchOrder
from domain.orders.models import Order
from domain.shared.db import utcnow
from storefront import live
from storefront.live import Watched
from tests.factories.orders import Placed, make_order


@pytest.fixture
def orders(session, monkeypatch) -> list[Placed]:
    """Six orders, where three open pages are few."""
    monkeypatch.setattr(live, "FEW", 3)
    return [make_order(session) for _ in range(6)]


def ask(session, watched: Watched, order: Placed, key: str = "") -> str:
    return watched.version(session, order.number, access_key=key or order.access_key)


def test_few_pages_look_for_themselves_and_see_a_change_at_once(session, orders, statements):
    watched, order = Watched(), orders[0]
    before = ask(session, watched, order)
    session.execute(update(Order).where(Order.id == order.order_id).values(updated_at=utcnow()))

    with statements() as seen:
        assert ask(session, watched, order) != before
    assert len(seen) == 1


def test_many_pages_share_one_look_until_it_is_old(session, orders, statements, monkeypatch):
    watched, clock = Watched(), [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    before = [ask(session, watched, order) for order in orders]
    session.execute(update(Order).where(Order.id == orders[5].order_id).values(updated_at=utcnow()))

    with statements() as seen:
        assert [ask(session, watched, order) for order in orders][:5] == before[:5]
    assert len(seen) == 1
    clock[0] += live.FRESH + 0.01
    with statements() as seen:
        after = [ask(session, watched, order) for order in orders]
    assert len(seen) == 1
    assert after[:5] == before[:5]
    assert after[5] != before[5]


def test_a_page_that_waits_for_no_shared_look_looks_for_itself(session, orders, statements, monkeypatch):
    """Another request is at it, and takes long: what is known is too old."""
    watched, clock = Watched(), [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    before = [ask(session, watched, order) for order in orders]
    [ask(session, watched, order) for order in orders]
    session.execute(update(Order).where(Order.id == orders[0].order_id).values(updated_at=utcnow()))
    watched.reading.acquire()

    clock[0] += live.TOO_OLD - 0.05
    assert ask(session, watched, orders[0]) == before[0]
    clock[0] += 0.1
    with statements() as seen:
        assert ask(session, watched, orders[0]) != before[0]
    assert len(seen) == 1


@pytest.mark.parametrize("opened", [1, 6])
def test_a_wrong_key_opens_nothing_however_many_pages_are_open(session, orders, opened):
    watched = Watched()
    for order in orders[:opened]:
        ask(session, watched, order)

    with pytest.raises(NoSuchOrder):
        ask(session, watched, orders[0], key="not-the-key")
    with pytest.raises(NoSuchOrder):
        watched.version(session, "CS-NONE-NONE", access_key="")
    assert set(watched.asked) == {order.number for order in orders[:opened]}


def test_a_page_that_was_closed_is_looked_at_no_more(session, orders, monkeypatch):
    watched, clock = Watched(), [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    for order in orders[:5]:
        ask(session, watched, order)
    clock[0] += live.OPEN_FOR + 1

    ask(session, watched, orders[5])

    assert set(watched.asked) == {orders[5].number}
