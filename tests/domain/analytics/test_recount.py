"""The figures that events keep are the same as those counted anew from the orders, whatever happened to them."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.commands import copy_order
from domain.analytics.periods import Period, day_of
from domain.analytics.queries import by_day, funnel, shares, summary, top_products
from domain.analytics.sums import sum_up
from domain.orders.commands import cancel, open_payment, refund_lines, request_refund, settle_payment, settle_refund
from domain.orders.queries import admin_order
from domain.payments.gateways.port import Outcome, RefundOutcome
from domain.shared.db import utcnow
from domain.shared.errors import DomainError
from domain.shared.events import from_payload
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from workers.subscriptions import SUBSCRIPTIONS

STEPS = ("pay", "pay too much", "refund", "refund a unit", "cancel")
FACTS = ("order_facts", "line_facts", "cart_facts")


def hear(session: Session, *, backwards: bool) -> None:
    """Have the reports hear of everything that was recorded, in the one order or the other, and twice."""
    session.flush()
    rows = session.execute(text("SELECT name, payload FROM shared.outbox ORDER BY position")).all()
    for row in [*reversed(rows)] if backwards else rows:
        event = from_payload(row.name, row.payload)
        for handler in SUBSCRIPTIONS.get(type(event), []):
            if getattr(handler, "__module__", "") == "domain.analytics.handlers":
                handler(session, event)  # type: ignore[operator]
                handler(session, event)  # type: ignore[operator]


def do(session: Session, step: str, order_id: UUID, number: str) -> None:
    """Take one step in an order's life, as far as its state allows."""
    try:
        if step.startswith("pay") and (payment := open_payment(session, order_id=order_id).payment):
            # What is beyond the total is on its way back; until it is there, the order has brought no more.
            captured = payment.amount.amount + (7 if step == "pay too much" else 0)
            paid = Outcome(state="captured", captured=captured, reference=f"mem_{payment.id}")
            settle_payment(session, payment_id=payment.id, outcome=paid)
        if step == "refund":
            give_back(session, request_refund(session, order_id=order_id, reason="Late.", actor="Ada", amount=150))
        if step == "refund a unit":
            line = admin_order(session, number).lines[0]
            refund = refund_lines(session, order_id=order_id, quantities={line.id: 1}, reason="A chip.", actor="Ada")
            give_back(session, refund)
        if step == "cancel":
            cancel(session, order_id=order_id, actor="Ada", reason="Changed their mind.")
    except DomainError:
        return


def give_back(session: Session, refund_id: UUID) -> None:
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded", reference="ref"))


def facts(session: Session) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: [tuple(row) for row in session.execute(text(f"SELECT * FROM analytics.{name} ORDER BY 1"))]  # noqa: S608
        for name in FACTS
    }


@settings(max_examples=15)
@given(
    lives=st.lists(st.lists(st.sampled_from(STEPS), max_size=3), min_size=1, max_size=3),
    backwards=st.booleans(),
    summed=st.sampled_from(("", "halfway", "to the end")),
)
def test_figures_kept_by_events_equal_a_recount(
    session: Session, lives: list[list[str]], backwards: bool, summed: str
) -> None:
    with session.begin_nested() as savepoint:
        mug = make_product(session, on_hand=50)
        orders = []
        for life in lives:
            placed = make_order(session, sku=mug.sku, quantity=2)
            orders.append(placed)
            for step in life[:1]:
                do(session, step, placed.order_id, placed.number)
        hear(session, backwards=backwards)
        if summed:
            # What is in the sums by now is what each order was at first.
            sum_up(session, timezone="Europe/Dublin", today=day_of(utcnow(), "Europe/Dublin"))
        for placed, life in zip(orders, lives, strict=True):
            for step in life[1:]:
                do(session, step, placed.order_id, placed.number)
        hear(session, backwards=backwards)
        if summed == "to the end":
            sum_up(session, timezone="Europe/Dublin", today=day_of(utcnow(), "Europe/Dublin"))
        kept = facts(session)
        assert [len(kept[name]) for name in FACTS] == [len(orders)] * 3

        # Straight from the orders and the payments, with none of the code that keeps the figures.
        recounted = session.execute(
            text(
                """
                SELECT o.id, o.total, o.paid_at, o.cancelled_at,
                    CASE WHEN o.paid_at IS NULL THEN 0 ELSE greatest(o.total - (
                        SELECT coalesce(sum(p.captured - p.refunded), 0) FROM payments.payments p
                        WHERE p.order_id = o.id AND p.state = 'captured'), 0) END AS refunded
                FROM orders.orders o ORDER BY o.id
                """
            )
        ).all()
        counted = session.execute(
            text("SELECT order_id, total, paid_at, cancelled_at, refunded FROM analytics.order_facts ORDER BY 1")
        ).all()
        assert [tuple(row) for row in counted] == [tuple(row) for row in recounted]

        stand = [row for row in recounted if row.paid_at and not row.cancelled_at]
        today = day_of(utcnow(), "Europe/Dublin")
        span = Period(today, today, "Europe/Dublin")
        revenue = sum(row.total - row.refunded for row in stand)
        found = summary(session, span, currency="EUR")
        assert (found.orders, found.paid, found.revenue.amount) == (len(orders), len(stand), revenue)
        assert [(one.orders, one.paid, one.revenue.amount) for one in by_day(session, span, currency="EUR")] == [
            (len(orders), len(stand), revenue)
        ]
        assert sum(one.amount.amount for one in shares(session, "country", span, currency="EUR")) == revenue
        sold = sum(one.units for one in top_products(session, span, currency="EUR"))
        assert sold == 2 * len(stand) == sum(one.units for one in shares(session, "category", span, currency="EUR"))
        assert (funnel(session, span).carts, funnel(session, span).ordered) == (len(orders), len(orders))
        assert funnel(session, span).paid == sum(row.paid_at is not None for row in recounted)

        for row in recounted:
            copy_order(session, row.id)
        assert facts(session) == kept
        savepoint.rollback()
