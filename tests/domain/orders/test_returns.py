"""Goods that come back: within their time, each unit once, received and refunded once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.orders.commands import ask_return, cancel_own, decide_return, deliver, pack, receive_return, ship
from domain.orders.errors import CannotReturn, NoSuchReturn, ReturnDecided, TooLateToCancel
from domain.orders.queries import AdminOrder, admin_order
from domain.orders.queries.returns import one_return, return_list, returns_of_order
from domain.shared.db import utcnow
from tests.domain.orders.books import events, kinds, state, stock
from tests.factories.catalog import MadeProduct, make_product
from tests.factories.orders import make_order


@pytest.fixture
def mug(session: Session) -> MadeProduct:
    return make_product(session, sku="MUG", price=1000, on_hand=10)


@pytest.fixture
def order(session: Session, mug: MadeProduct) -> AdminOrder:
    """Three mugs, two of which were sent and have arrived."""
    number = make_order(session, sku="MUG", quantity=3, paid=True).number
    order = admin_order(session, number)
    send(session, order, 3)
    deliver(session, order_id=order.id, actor="staff")
    return order


def send(session: Session, order: AdminOrder, units: int) -> None:
    quantities = {order.lines[0].id: units}
    ship(session, order_id=order.id, actor="staff", carrier="An Post", tracking_number="1", quantities=quantities)


def ask(session: Session, order: AdminOrder, units: int, *, days_later: float = 0) -> UUID:
    now = utcnow() + timedelta(days=days_later)
    return ask_return(
        session, order_id=order.id, quantities={order.lines[0].id: units}, reason="Too small", actor="shopper",
        now=now, days=30,
    )  # fmt: skip


def receive(session: Session, order: AdminOrder, return_id: UUID, units: int, **values) -> UUID | None:
    line = order.lines[0].id
    given = {"restock": {line}, "refund": True, **values}
    return receive_return(session, return_id=return_id, received={line: units}, actor="staff", **given)


def test_a_return_from_the_wish_to_the_money(session: Session, order: AdminOrder, mug: MadeProduct) -> None:
    return_id = ask(session, order, 2)
    assert [one.id for one in return_list(session).rows] == [return_id]
    decide_return(session, return_id=return_id, approve=True, answer="Send it to us.", actor="staff")
    receive(session, order, return_id, 2)

    view = one_return(session, return_id)
    assert (view.state, view.answer, view.lines[0].received, view.lines[0].restocked) == (
        "received",
        "Send it to us.",
        2,
        2,
    )
    assert stock(session, mug.variant_id) == (9, 0)
    assert admin_order(session, order.number).refunds[0].amount.amount == 2000
    assert return_list(session).rows == ()
    assert kinds(session, order.id)[-4:] == [
        "return_requested", "return_approved", "return_received", "refund_requested"
    ]  # fmt: skip
    told = [name for name in events(session) if "return_" in name]
    assert told == ["return_requested", "return_approved", "return_received"]


def test_receiving_twice_restocks_and_refunds_once(session: Session, order: AdminOrder, mug: MadeProduct) -> None:
    return_id = ask(session, order, 2)
    decide_return(session, return_id=return_id, approve=True, answer="", actor="staff")

    first, second = receive(session, order, return_id, 2), receive(session, order, return_id, 2)

    assert first == second
    assert stock(session, mug.variant_id) == (9, 0)
    assert len(admin_order(session, order.number).refunds) == 1


def test_what_is_broken_is_not_put_on_the_shelf_and_need_not_be_refunded(
    session: Session, order: AdminOrder, mug: MadeProduct
) -> None:
    return_id = ask(session, order, 1)
    decide_return(session, return_id=return_id, approve=True, answer="", actor="staff")

    assert receive(session, order, return_id, 1, restock=(), refund=False) is None
    assert stock(session, mug.variant_id) == (7, 0)


def test_no_unit_comes_back_twice(session: Session, order: AdminOrder) -> None:
    ask(session, order, 2)

    with pytest.raises(CannotReturn, match="no more than you received"):
        ask(session, order, 2)
    ask(session, order, 1)
    with pytest.raises(CannotReturn, match="any more"):
        ask(session, order, 1)


def test_a_refused_return_can_be_asked_for_again_and_is_not_received(session: Session, order: AdminOrder) -> None:
    return_id = ask(session, order, 3)
    decide_return(session, return_id=return_id, approve=False, answer="It was used.", actor="staff")

    with pytest.raises(ReturnDecided):
        receive(session, order, return_id, 3)
    with pytest.raises(ReturnDecided):
        decide_return(session, return_id=return_id, approve=True, answer="", actor="staff")
    assert ask(session, order, 3) != return_id
    assert [view.state for view in returns_of_order(session, order.id)] == ["refused", "requested"]


def test_the_time_to_return_runs_from_the_arrival(session: Session, order: AdminOrder) -> None:
    with pytest.raises(CannotReturn, match="any more"):
        ask(session, order, 1, days_later=30.1)
    assert ask(session, order, 1, days_later=29.9)


@pytest.mark.parametrize("units", [0, -1, 4])
def test_an_impossible_number_is_refused(session: Session, order: AdminOrder, units: int) -> None:
    with pytest.raises(CannotReturn):
        ask(session, order, units)


def test_what_was_not_sent_cannot_come_back(session: Session, mug: MadeProduct) -> None:
    order = admin_order(session, make_order(session, sku="MUG", quantity=3, paid=True).number)
    with pytest.raises(CannotReturn):
        ask(session, order, 1)
    send(session, order, 2)
    with pytest.raises(CannotReturn):
        ask(session, order, 3)
    assert ask(session, order, 2)


def test_more_than_was_to_come_back_is_not_received(session: Session, order: AdminOrder) -> None:
    return_id = ask(session, order, 1)
    decide_return(session, return_id=return_id, approve=True, answer="", actor="staff")

    with pytest.raises(CannotReturn):
        receive(session, order, return_id, 2)
    with pytest.raises(CannotReturn):
        receive(session, order, return_id, 0)
    with pytest.raises(NoSuchReturn):
        receive(session, order, uuid4(), 1)


def test_a_buyer_cancels_until_the_order_is_packed(session: Session, mug: MadeProduct) -> None:
    paid = make_order(session, sku="MUG", paid=True)
    packed = make_order(session, sku="MUG", paid=True)
    pack(session, order_id=packed.order_id, actor="staff")

    cancel_own(session, order_id=paid.order_id)
    cancel_own(session, order_id=paid.order_id)

    assert state(session, paid.order_id) == "cancelled"
    assert session.scalar(text("SELECT count(*) FROM payments.refunds")) == 1
    with pytest.raises(TooLateToCancel):
        cancel_own(session, order_id=packed.order_id)
    assert stock(session, mug.variant_id) == (10, 1)
