"""Invoices and credit notes: numbered without gaps under any crowd, issued once, and right to the cent."""

import threading
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.cart.commands import add_line
from domain.orders.commands import refund_lines, request_refund, settle_refund
from domain.orders.commands.papers import issue_credit_note, issue_invoice
from domain.orders.errors import NoSuchPaper
from domain.orders.events import OrderPaid
from domain.orders.handlers import issue_invoice as on_paid
from domain.orders.queries import admin_order
from domain.orders.queries.papers import paper, papers_of_order, slip
from domain.payments.gateways.port import RefundOutcome
from domain.shared.db import Sessions, transaction
from tests.factories.cart import make_checkout, make_terms
from tests.factories.catalog import make_product
from tests.factories.delivery import make_rate
from tests.factories.orders import agree, make_order, pay, place


def numbers(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT number FROM orders.papers WHERE kind = 'invoice' ORDER BY number")))


@pytest.fixture
def order_id(session: Session) -> UUID:
    make_product(session, sku="MUG", price=1250, on_hand=50)
    return make_order(session, sku="MUG", quantity=3, paid=True).order_id


def test_an_invoice_is_issued_once_however_often_the_news_comes(session: Session, order_id: UUID) -> None:
    for _ in range(3):
        on_paid(session, OrderPaid(order_id=order_id, payment_id=None))

    assert numbers(session) == [1]
    assert [link.code for link in papers_of_order(session, order_id)] == ["INV-000001"]


def test_a_crowd_and_a_rollback_leave_no_gap(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", price=1250, on_hand=50)
        orders = [make_order(tx, sku="MUG", paid=True).order_id for _ in range(12)]
    barrier = threading.Barrier(len(orders))

    def issue(order_id: UUID, fails: bool) -> None:
        barrier.wait()
        try:
            with transaction(sessions) as tx:
                issue_invoice(tx, order_id=order_id)
                if fails:
                    raise RuntimeError
        except RuntimeError:
            with transaction(sessions) as tx:
                issue_invoice(tx, order_id=order_id)

    threads = [threading.Thread(target=issue, args=(one, i % 3 == 0)) for i, one in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction(sessions) as tx:
        assert numbers(tx) == list(range(1, 13))


@pytest.mark.parametrize("change", ["UPDATE orders.papers SET number = 7", "DELETE FROM orders.papers"])
def test_what_was_issued_is_neither_changed_nor_taken_back(session: Session, order_id: UUID, change: str) -> None:
    issue_invoice(session, order_id=order_id)

    with pytest.raises(IntegrityError, match="only ever added"), session.begin_nested():
        session.execute(text(change))


def test_an_invoice_says_what_the_order_says(session: Session, order_id: UUID) -> None:
    issue_invoice(session, order_id=order_id)
    order = session.execute(text("SELECT * FROM orders.orders WHERE id = :id"), {"id": order_id}).one()

    view = paper(session, order_id, "inv-000001")

    assert view.total.amount == order.total
    assert sum(amount.amount for _, amount in view.sums) == order.total
    assert sum(line.total.amount for line in view.lines) == order.subtotal
    assert sum(row.tax.amount for row in view.taxes) == order.tax
    assert sum(row.gross.amount for row in view.taxes) == order.total
    with pytest.raises(NoSuchPaper):
        paper(session, order_id, "INV-000002")


def test_each_refund_has_a_credit_note_with_its_share_of_the_tax(session: Session, order_id: UUID) -> None:
    issue_invoice(session, order_id=order_id)
    total = session.scalar(text("SELECT total FROM orders.orders WHERE id = :id"), {"id": order_id})
    line = session.scalar(text("SELECT id FROM orders.lines WHERE order_id = :id"), {"id": order_id})
    first = refund_lines(session, order_id=order_id, quantities={line: 1}, reason="Broken", actor="staff")
    rest = request_refund(session, order_id=order_id, reason="The rest", actor="staff")
    for refund_id in (first, rest):
        settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"))
        issued = [issue_credit_note(session, order_id=order_id, refund_id=refund_id) for _ in range(2)]
        assert issued[0] == issued[1]

    notes = [paper(session, order_id, code) for code in ("CN-000001", "CN-000002")]
    assert [note.total.amount for note in notes] == [1250, total - 1250]
    for note in notes:
        assert sum(row.gross.amount for row in note.taxes) == note.total.amount
    assert notes[1].lines[0].title == "The rest"


def test_the_tax_of_delivery_and_of_plain_amounts_is_told_by_rate(session: Session) -> None:
    make_terms(session, price=1000)
    make_rate(session, "IE", 900, "reduced", name="VAT")
    make_product(session, sku="MUG", price=3000)
    make_product(session, sku="BOOK", price=1000, tax_class="reduced")
    cart_id = make_checkout(session, sku="MUG")
    add_line(session, cart_id=cart_id, sku="BOOK", quantity=1)
    order_id = place(session, agree(session, cart_id)).order_id
    pay(session, order_id)
    issue_invoice(session, order_id=order_id)
    for refund_id in (
        refund_lines(session, order_id=order_id, quantities={}, delivery=1000, reason="Late", actor="staff"),
        request_refund(session, order_id=order_id, amount=999, reason="Sorry", actor="staff"),
    ):
        settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"))
        issue_credit_note(session, order_id=order_id, refund_id=refund_id)

    invoice, delivery, sorry = (paper(session, order_id, code) for code in ("INV-000001", "CN-000001", "CN-000002"))
    # 30 and 7.50 of the 10 of delivery bear 23 %, 10 and 2.50 bear 9 %; the tax is in the prices.
    assert [(row.label, row.gross.amount, row.tax.amount) for row in invoice.taxes] == [
        ("VAT 23 %", 3750, 701), ("VAT 9 %", 1250, 103),
    ]  # fmt: skip
    assert [(row.label, row.gross.amount, row.tax.amount) for row in delivery.taxes] == [
        ("VAT 23 %", 750, 140), ("VAT 9 %", 250, 21),
    ]  # fmt: skip
    assert [(row.label, row.gross.amount) for row in sorry.taxes] == [("VAT 23 %", 749), ("VAT 9 %", 250)]
    assert [row.tax.amount for row in sorry.taxes] == [140, 21]


def test_an_order_without_an_invoice_gets_no_credit_note(session: Session, order_id: UUID) -> None:
    refund_id = request_refund(session, order_id=order_id, reason="Broken", actor="staff")

    assert issue_credit_note(session, order_id=order_id, refund_id=refund_id) is None


def test_a_slip_names_what_is_still_to_be_sent_and_no_price(session: Session, order_id: UUID) -> None:
    line = admin_order(session, str(session.scalar(text("SELECT number FROM orders.orders")))).lines[0].id
    refund_lines(session, order_id=order_id, quantities={line: 1}, reason="Broken", actor="staff")

    view = slip(session, order_id)

    assert [(one.sku, one.quantity, one.unit_price) for one in view.lines] == [("MUG", 2, None)]
