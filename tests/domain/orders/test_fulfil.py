"""Packing, shipping, delivering and cancelling."""

from uuid import uuid4

import pytest

from domain.orders.commands import cancel, deliver, open_payment, pack, ship
from domain.orders.errors import NoSuchOrder, NothingToShip, PartlyShipped, WrongState
from domain.orders.queries import admin_order
from tests.domain.orders.books import count, events, kinds, state, stock
from tests.factories.catalog import make_product
from tests.factories.orders import make_order

ACTOR = "orders@shop.test"


def send(session, order_id, number="TRACK1", **values):
    return ship(session, order_id=order_id, actor=ACTOR, carrier="An Post", tracking_number=number, **values)


def test_an_order_is_packed_shipped_and_delivered_each_once(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG", quantity=2, paid=True)

    for _ in range(2):
        pack(session, order_id=placed.order_id, actor=ACTOR)
    first, again = send(session, placed.order_id), send(session, placed.order_id)
    for _ in range(2):
        deliver(session, order_id=placed.order_id, actor=ACTOR)

    assert (state(session, placed.order_id), first) == ("delivered", again)
    assert stock(session, mug.variant_id) == (8, 0)
    assert kinds(session, placed.order_id) == ["placed", "paid", "packed", "shipped", "delivered"]
    assert events(session)[2:] == ["order_packed", "order_shipped", "order_delivered"]
    order = admin_order(session, placed.number)
    assert [(one.carrier, one.tracking_number, one.lines[0].quantity) for one in order.shipments] == [
        ("An Post", "TRACK1", 2)
    ]
    assert order.shipments[0].delivered_at is not None
    assert order.timeline[0].actor == ACTOR


def test_an_order_goes_out_in_parts(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG", quantity=3, paid=True)
    line = admin_order(session, placed.number).lines[0].id

    send(session, placed.order_id, "A", quantities={line: 1})
    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("paid", (9, 2))
    for quantities in ({line: 3}, {line: 0}, {line: -1}, {uuid4(): 1}, {}):
        with pytest.raises(NothingToShip):
            send(session, placed.order_id, "B", quantities=quantities)
    with pytest.raises(PartlyShipped):
        cancel(session, order_id=placed.order_id, actor=ACTOR, reason="")
    assert (count(session, "orders.shipments"), stock(session, mug.variant_id)) == (1, (9, 2))

    send(session, placed.order_id, "B")
    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("shipped", (7, 0))
    assert kinds(session, placed.order_id)[-2:] == ["partly_shipped", "shipped"]


def test_what_is_not_paid_cannot_be_packed_shipped_or_delivered(session):
    placed = make_order(session)

    with pytest.raises(WrongState):
        pack(session, order_id=placed.order_id, actor=ACTOR)
    with pytest.raises(WrongState):
        send(session, placed.order_id)
    with pytest.raises(WrongState):
        deliver(session, order_id=placed.order_id, actor=ACTOR)
    with pytest.raises(NoSuchOrder):
        pack(session, order_id=uuid4(), actor=ACTOR)

    assert (state(session, placed.order_id), kinds(session, placed.order_id)) == ("placed", ["placed"])


def test_cancelling_an_unpaid_order_frees_its_stock_once(session):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG", quantity=2)
    open_payment(session, order_id=placed.order_id)

    for _ in range(2):
        cancel(session, order_id=placed.order_id, actor=ACTOR, reason="Asked by phone.")

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("cancelled", (10, 0))
    assert events(session) == ["order_placed", "order_cancelled"]
    assert count(session, "payments.refunds") == 0


@pytest.mark.parametrize(("restock", "on_hand"), [(True, 10), (False, 8)])
def test_cancelling_a_paid_order_asks_the_money_back(session, restock, on_hand):
    mug = make_product(session, sku="MUG")
    placed = make_order(session, sku="MUG", quantity=2, paid=True)

    cancel(session, order_id=placed.order_id, actor=ACTOR, reason="Broken in the store.", restock=restock)
    cancel(session, order_id=placed.order_id, actor=ACTOR, reason="Broken in the store.", restock=restock)

    assert (state(session, placed.order_id), stock(session, mug.variant_id)) == ("cancelled", (on_hand, 0))
    assert [refund.amount.amount for refund in admin_order(session, placed.number).refunds] == [2490]
    assert events(session)[2:] == ["order_cancelled", "refund_requested"]


def test_a_shipped_order_cannot_be_cancelled(session):
    placed = make_order(session, paid=True)
    send(session, placed.order_id)

    with pytest.raises(WrongState):
        cancel(session, order_id=placed.order_id, actor=ACTOR, reason="")

    assert state(session, placed.order_id) == "shipped"
