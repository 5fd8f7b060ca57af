"""The outbox and the lock: what every promise of the shop stands on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.catalog.models import Stock
from domain.orders.events import OrderCancelled, OrderPlaced
from domain.shared.db import Sessions, lock_one, transaction, utcnow
from domain.shared.events import from_payload, to_payload
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage, claim, load, mark_done, mark_relayed, record, take, take_lost
from tests.factories.catalog import make_product

EVENT = OrderPlaced(order_id=uuid4(), number="CS-1", total=Money(1490, "EUR"), units=2)


def test_an_event_survives_the_way_to_json_and_back():
    for event in (EVENT, OrderCancelled(order_id=uuid4(), reason="é", replaced_by=uuid4())):
        assert from_payload(event.name, to_payload(event)) == event
    old = {"order_id": str(EVENT.order_id), "reason": "kept before the field existed"}
    assert from_payload("orders.order_cancelled", old).replaced_by is None


def test_an_event_is_kept_with_the_commit_and_never_without(sessions: Sessions):
    def fail() -> None:
        with transaction(sessions) as tx:
            record(tx, EVENT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction(sessions) as tx:
        assert take(tx, limit=10) == []
        record(tx, EVENT)
    with transaction(sessions) as tx:
        [pending] = take(tx, limit=10)
        assert load(tx, pending.id) == EVENT


def test_relays_side_by_side_take_different_messages(sessions: Sessions):
    with transaction(sessions) as tx:
        for _ in range(10):
            record(tx, EVENT)
    barrier = threading.Barrier(2)

    def relay() -> set:
        with transaction(sessions) as tx:
            barrier.wait()
            taken = take(tx, limit=5)
            barrier.wait()
            mark_relayed(tx, [one.id for one in taken])
            return {one.id for one in taken}

    with ThreadPoolExecutor(2) as pool:
        first, second = (future.result() for future in [pool.submit(relay) for _ in range(2)])

    assert len(first | second) == 10


def test_a_message_is_claimed_once_by_each_handler(sessions: Sessions):
    with transaction(sessions) as tx:
        record(tx, EVENT)
        tx.flush()
        [pending] = take(tx, limit=1)
    barrier = threading.Barrier(6)

    def handle(handler: str) -> bool:
        with transaction(sessions) as tx:
            barrier.wait()
            return claim(tx, pending.id, handler)

    with ThreadPoolExecutor(6) as pool:
        claimed = list(pool.map(handle, ["mail", "mail", "mail", "count", "count", "count"]))

    assert sorted(claimed) == [False] * 4 + [True] * 2


def test_a_message_is_done_when_every_handler_has_claimed_it(session):
    record(session, EVENT)
    session.flush()
    [pending] = take(session, limit=1)
    mark_relayed(session, [pending.id])
    handlers = {EVENT.name: ["mail", "count"]}

    claim(session, pending.id, "mail")
    assert mark_done(session, handlers) == 0
    assert [one.id for one in take_lost(session, older_than=timedelta(seconds=-1), limit=9)] == [pending.id]
    claim(session, pending.id, "count")
    assert mark_done(session, handlers) == 1
    assert take_lost(session, older_than=timedelta(seconds=-1), limit=9) == []
    session.expire_all()
    assert session.get(OutboxMessage, pending.id).done_at <= utcnow()


def test_a_lock_shows_the_row_as_it_is_even_if_it_was_read_before(sessions: Sessions):
    with transaction(sessions) as tx:
        mug = make_product(tx, on_hand=0)

    def add_one() -> None:
        with transaction(sessions) as tx:
            tx.get(Stock, mug.variant_id)
            stock = lock_one(tx, Stock, mug.variant_id)
            assert stock is not None
            stock.on_hand += 1

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(add_one) for _ in range(40)]:
            future.result()

    with transaction(sessions) as tx:
        assert tx.get(Stock, mug.variant_id).on_hand == 40
        assert lock_one(tx, Stock, uuid4()) is None
