"""Bank transfers: staff say when the money is there and when it went back; all else is as with every gateway."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.orders.commands import (
    confirm_refund,
    confirm_transfer,
    expire_unpaid,
    reconcile,
    request_refund,
    start_payment,
)
from domain.orders.commands.by_hand import ConfirmedAlready, NotByHand
from domain.orders.events import RefundRequested
from domain.orders.handlers import finish_refund, prepare_refund, refund_at_gateway
from domain.orders.queries import admin_order, order_page
from domain.payments.gateways.bank import BankTransfer
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.errors import RuleBroken
from tests.domain.orders.books import state, stock
from tests.factories.catalog import make_product
from tests.factories.orders import RETURN_URL, make_order, pay

BY_HAND = frozenset({"bank"})
BANK = {"bank": BankTransfer(days=7)}


class Transfer:
    """An order that is to be paid by transfer."""

    def __init__(self, sessions: Sessions, on_hand: int = 5) -> None:
        self.sessions = sessions
        with transaction(sessions) as tx:
            self.mug = make_product(tx, sku="MUG", on_hand=on_hand)
            self.order = make_order(tx, sku="MUG", gateway="bank", patience=BANK["bank"].hold)
        assert start_payment(sessions, BANK, order_id=self.order.order_id, return_url=RETURN_URL) == RETURN_URL
        self.payment = self.read(admin_order, self.order.number).payments[0]

    def read(self, question, *args, **values):
        with transaction(self.sessions) as tx:
            return question(tx, *args, **values)

    def confirm(self, amount: int | None = None) -> None:
        with transaction(self.sessions) as tx:
            amount = self.payment.amount.amount if amount is None else amount
            confirm_transfer(tx, payment_id=self.payment.id, amount=amount, gateways=BY_HAND, actor="staff")

    @property
    def state(self) -> str:
        return self.read(state, self.order.order_id)


@pytest.fixture
def transfer(sessions: Sessions) -> Transfer:
    return Transfer(sessions)


def test_a_transfer_waits_for_days_and_the_page_says_where_to(transfer: Transfer) -> None:
    page = transfer.read(order_page, transfer.order.number, access_key=transfer.order.access_key)

    assert (page.payment.gateway, page.payment.pending, page.payment.can_retry) == ("bank", True, False)
    assert page.expires_at > utcnow() + timedelta(days=6)
    assert reconcile(transfer.sessions, BANK, now=utcnow() + timedelta(days=1)) == 0
    assert expire_unpaid(transfer.sessions, BANK, now=utcnow() + timedelta(days=6)) == 0
    assert transfer.state == "placed"


def test_money_that_is_confirmed_pays_the_order_once(transfer: Transfer) -> None:
    transfer.confirm()

    assert transfer.state == "paid"
    with pytest.raises(ConfirmedAlready):
        transfer.confirm()


def test_another_amount_goes_back(transfer: Transfer) -> None:
    transfer.confirm(amount=100)

    assert transfer.state == "placed"
    (refund,) = transfer.read(admin_order, transfer.order.number).refunds
    assert (refund.amount.amount, refund.state) == (100, "requested")


def test_nothing_is_no_transfer(transfer: Transfer) -> None:
    with pytest.raises(RuleBroken):
        transfer.confirm(amount=0)


def test_late_money_takes_the_goods_again_if_they_are_there(transfer: Transfer) -> None:
    assert expire_unpaid(transfer.sessions, BANK, now=utcnow() + timedelta(days=8)) == 1
    assert (transfer.state, transfer.read(stock, transfer.mug.variant_id)) == ("cancelled", (5, 0))

    transfer.confirm()

    assert (transfer.state, transfer.read(stock, transfer.mug.variant_id)) == ("paid", (5, 1))


def test_late_money_goes_back_if_the_goods_are_gone(sessions: Sessions) -> None:
    transfer = Transfer(sessions, on_hand=1)
    expire_unpaid(sessions, BANK, now=utcnow() + timedelta(days=8))
    with transaction(sessions) as tx:
        make_order(tx, sku="MUG", paid=True)

    transfer.confirm()

    order = transfer.read(admin_order, transfer.order.number)
    assert order.state == "cancelled"
    assert order.refunds[0].amount == order.total


def test_a_refund_waits_until_staff_have_sent_it(transfer: Transfer) -> None:
    transfer.confirm()
    with transaction(transfer.sessions) as tx:
        refund_id = request_refund(tx, order_id=transfer.order.order_id, reason="Broken", actor="staff")
    asked = transfer.read(prepare_refund, RefundRequested(order_id=transfer.order.order_id, refund_id=refund_id))
    transfer.read(finish_refund, refund_at_gateway(asked, BANK))
    assert transfer.read(admin_order, transfer.order.number).refunds[0].state == "requested"

    transfer.read(confirm_refund, refund_id=refund_id, gateways=BY_HAND, actor="staff")

    assert transfer.state == "refunded"
    with pytest.raises(ConfirmedAlready):
        transfer.read(confirm_refund, refund_id=refund_id, gateways=BY_HAND, actor="staff")


def test_what_a_gateway_answers_for_is_not_confirmed_by_hand(session: Session) -> None:
    make_product(session, sku="CUP", on_hand=5)
    order = make_order(session, sku="CUP")
    payment_id = pay(session, order.order_id)

    with pytest.raises(NotByHand):
        confirm_transfer(session, payment_id=payment_id, amount=1, gateways=BY_HAND, actor="staff")
