"""Invoices and credit notes: numbered without gaps under any crowd, issued once, and right to the cent."""

import random
import threading
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.cart.commands import add_line, save_address, save_delivery
from domain.orders.commands import open_payment, refund_lines, request_refund, settle_payment, settle_refund
from domain.orders.commands.papers import issue_credit_note, issue_invoice
from domain.orders.errors import NoSuchPaper
from domain.orders.events import OrderPaid
from domain.orders.handlers import issue_invoice as on_paid
from domain.orders.queries import admin_order
from domain.orders.queries.papers import PaperView, paper, papers_of_order, slip
from domain.payments.gateways.port import Outcome, RefundOutcome
from domain.shared.db import Sessions, transaction
from tests.factories.cart import ADDRESS, make_checkout, make_terms
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


@pytest.fixture
def mixed(session: Session) -> UUID:
    """A paid order of goods at 23 %, 13.5 % and none at all, with a delivery that shares their fate."""
    make_terms(session, price=499)
    make_rate(session, "IE", 1350, "reduced")
    make_rate(session, "IE", 0, "books")
    make_product(session, sku="MUG", price=1250, on_hand=50)
    make_product(session, sku="BUN", price=333, on_hand=50, tax_class="reduced")
    make_product(session, sku="BOOK", price=2000, on_hand=50, tax_class="books")
    cart_id = make_checkout(session, sku="MUG", quantity=2)
    for sku, quantity in (("BUN", 3), ("BOOK", 1)):
        add_line(session, cart_id=cart_id, sku=sku, quantity=quantity)
    placed = place(session, agree(session, cart_id))
    pay(session, placed.order_id)
    issue_invoice(session, order_id=placed.order_id)
    return placed.order_id


def by_rate(views: list[PaperView]) -> dict[str, tuple[int, int, int]]:
    rows: dict[str, tuple[int, int, int]] = {}
    for view in views:
        for row in view.taxes:
            net, tax, gross = rows.get(row.label, (0, 0, 0))
            rows[row.label] = (net + row.net.amount, tax + row.tax.amount, gross + row.gross.amount)
    return rows


def credit(session: Session, order_id: UUID, refund_id: UUID) -> None:
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"))
    issue_credit_note(session, order_id=order_id, refund_id=refund_id)


def credited(session: Session, order_id: UUID) -> list[PaperView]:
    codes = [link.code for link in papers_of_order(session, order_id) if link.kind == "credit_note"]
    return [paper(session, order_id, code) for code in codes]


def test_an_invoice_has_the_delivery_at_the_rates_that_it_bears(session: Session, mixed: UUID) -> None:
    # Worth 2500, 999 and 2000 of 5499, so the delivery of 499 is 227 at 23 %, 91 at 13.5 % and 181 at none.
    assert by_rate([paper(session, mixed, "INV-000001")]) == {
        "VAT 23 %": (2217, 510, 2727),
        "VAT 13.5 %": (960, 130, 1090),
        "VAT 0 %": (2181, 0, 2181),
    }


def test_a_refund_of_the_delivery_and_one_for_nothing_in_particular_stand_at_their_rates(
    session: Session, mixed: UUID
) -> None:
    credit(session, mixed, refund_lines(session, order_id=mixed, quantities={}, delivery=499, reason="L", actor="s"))
    credit(session, mixed, request_refund(session, order_id=mixed, amount=1000, reason="Goodwill", actor="s"))

    delivery, goodwill = credited(session, mixed)

    assert {row.label: row.gross.amount for row in delivery.taxes} == {
        "VAT 23 %": 227, "VAT 13.5 %": 91, "VAT 0 %": 181,
    }  # fmt: skip
    assert {row.label: (row.gross.amount, row.tax.amount) for row in goodwill.taxes} == {
        "VAT 23 %": (454, 85), "VAT 13.5 %": (182, 22), "VAT 0 %": (364, 0),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_an_order_that_has_gone_back_whole_has_gone_back_at_the_rates_of_its_invoice(
    session: Session, mixed: UUID, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    lines = dict(
        session.execute(text("SELECT id, quantity FROM orders.lines WHERE order_id = :id"), {"id": mixed}).all()
    )
    delivery = 499
    while delivery:
        part = draw.randint(1, delivery)
        taken = {line: draw.randint(0, left) for line, left in lines.items()}
        lines = {line: left - taken[line] for line, left in lines.items()}
        delivery -= part
        back = refund_lines(session, order_id=mixed, quantities=taken, delivery=part, reason="R", actor="s")
        credit(session, mixed, back)
        said = by_rate(credited(session, mixed))
        if any(lines.values()) and draw.random() < 0.5:
            break
    if session.scalar(text("SELECT captured - refunded FROM payments.payments WHERE order_id = :id"), {"id": mixed}):
        credit(session, mixed, request_refund(session, order_id=mixed, amount=1, reason="A cent", actor="s"))
        assert by_rate(credited(session, mixed)[:-1]) == said, "what was issued says the same for ever"
        if session.scalar(text("SELECT captured - refunded FROM payments.payments")):
            credit(session, mixed, request_refund(session, order_id=mixed, reason="The rest", actor="s"))

    assert by_rate(credited(session, mixed)) == by_rate([paper(session, mixed, "INV-000001")])


def test_what_bears_no_tax_is_named_so(session: Session) -> None:
    make_terms(session)
    make_product(session, sku="MUG", price=1250, on_hand=50)
    cart_id = make_checkout(session, sku="MUG")
    there = ADDRESS | {"country": "DE", "postcode": "10115"}
    save_address(session, cart_id=cart_id, shipping_address=there, email="a@example.com")
    save_delivery(session, cart_id=cart_id, method="standard")
    placed = place(session, agree(session, cart_id))
    pay(session, placed.order_id)
    issue_invoice(session, order_id=placed.order_id)
    credit(session, placed.order_id, request_refund(session, order_id=placed.order_id, reason="R", actor="s"))

    assert by_rate([paper(session, placed.order_id, "INV-000001")]) == {"No tax": (1740, 0, 1740)}
    assert by_rate(credited(session, placed.order_id)) == {"No tax": (1740, 0, 1740)}


def test_money_that_never_was_the_shops_goes_back_without_a_credit_note(session: Session) -> None:
    make_product(session, sku="MUG", price=1250, on_hand=50)
    placed = make_order(session, sku="MUG")
    first = pay_again(session, placed.order_id)
    assert first is not None
    settle_payment(session, payment_id=first, outcome=Outcome(state="failed"))
    pay(session, placed.order_id)
    issue_invoice(session, order_id=placed.order_id)

    # The attempt that had failed brings its money after all.
    settle_payment(session, payment_id=first, outcome=Outcome(state="captured", captured=1740))

    twice = session.scalar(text("SELECT id FROM payments.refunds"))
    settle_refund(session, refund_id=twice, outcome=RefundOutcome(state="succeeded"))
    assert issue_credit_note(session, order_id=placed.order_id, refund_id=twice) is None
    credit(session, placed.order_id, request_refund(session, order_id=placed.order_id, reason="R", actor="s"))
    assert [one.total.amount for one in credited(session, placed.order_id)] == [1740]


def pay_again(session: Session, order_id: UUID) -> UUID | None:
    payment = open_payment(session, order_id=order_id).payment
    return payment.id if payment else None


def test_an_order_without_an_invoice_gets_no_credit_note(session: Session, order_id: UUID) -> None:
    refund_id = request_refund(session, order_id=order_id, reason="Broken", actor="staff")

    assert issue_credit_note(session, order_id=order_id, refund_id=refund_id) is None


def test_a_slip_names_what_is_still_to_be_sent_and_no_price(session: Session, order_id: UUID) -> None:
    line = admin_order(session, str(session.scalar(text("SELECT number FROM orders.orders")))).lines[0].id
    refund_lines(session, order_id=order_id, quantities={line: 1}, reason="Broken", actor="staff")

    view = slip(session, order_id)

    assert [(one.sku, one.quantity, one.unit_price) for one in view.lines] == [("MUG", 2, None)]
