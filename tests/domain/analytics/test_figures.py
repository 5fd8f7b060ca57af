"""The figures follow the orders, whatever the order in which the news comes."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.analytics import handlers, queries
from domain.analytics.periods import Period, day_of
from domain.orders.commands import request_refund, settle_refund
from domain.orders.events import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from domain.payments.gateways.port import RefundOutcome
from domain.shared.db import utcnow
from domain.shared.money import Money
from domain.users.commands import ask_new_email, ask_registration, confirm_new_email, confirm_registration
from domain.users.events import AddressVerified
from domain.users.models import MailedLink
from tests.factories.orders import make_order, pay
from tests.factories.users import PASSWORD, make_shopper


def summary(session: Session) -> queries.Summary:
    return queries.summary(session, today(), currency="EUR")


def today(days: int = 0) -> Period:
    day = day_of(utcnow(), "Europe/Dublin") + timedelta(days=days)
    return Period(day, day, "Europe/Dublin")


def placed(session: Session, quantity: int = 1) -> tuple[OrderPlaced, int]:
    from domain.orders.queries.figures import order_figures

    order = make_order(session, quantity=quantity)
    figures = order_figures(session, order.order_id)
    assert figures is not None
    event = OrderPlaced(
        order_id=order.order_id, number=order.number, total=Money(figures.total, "EUR"), units=figures.units
    )
    return event, figures.total


def test_nothing_sold_is_nothing_earned(session: Session) -> None:
    nothing = Money(0, "EUR")
    assert summary(session) == queries.Summary(
        orders=0, paid=0, units=0, refunded=nothing, revenue=nothing, average=nothing
    )


def test_only_paid_orders_earn(session: Session) -> None:
    one, first = placed(session, quantity=2)
    two, _ = placed(session)
    handlers.count_order(session, one)
    handlers.count_order(session, two)
    assert (summary(session).orders, summary(session).paid, summary(session).revenue.amount) == (2, 0, 0)

    handlers.count_payment(session, OrderPaid(order_id=one.order_id, payment_id=pay(session, one.order_id)))
    assert summary(session) == queries.Summary(
        orders=2,
        paid=1,
        units=2,
        refunded=Money(0, "EUR"),
        revenue=Money(first, "EUR"),
        average=Money(first, "EUR"),
    )


def test_news_out_of_order_leaves_the_same_figures(session: Session) -> None:
    event, total = placed(session)
    handlers.count_payment(session, OrderPaid(order_id=event.order_id, payment_id=pay(session, event.order_id)))
    handlers.count_order(session, event)
    handlers.count_order(session, event)

    assert (summary(session).orders, summary(session).paid, summary(session).revenue.amount) == (1, 1, total)


def give_back(session: Session, order_id: UUID, amount: int) -> OrderRefunded:
    refund_id = request_refund(session, order_id=order_id, reason="A chip.", actor="staff", amount=amount)
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded", reference="ref_1"))
    return OrderRefunded(order_id=order_id, refund_id=refund_id, amount=Money(amount, "EUR"))


def test_a_refund_is_taken_off_and_a_cancelled_order_earns_nothing(session: Session) -> None:
    from domain.orders.commands import cancel

    event, total = placed(session)
    pay(session, event.order_id)
    refund = give_back(session, event.order_id, 300)
    handlers.count_refund(session, refund)
    handlers.count_refund(session, refund)
    assert summary(session).revenue.amount == total - 300

    cancel(session, order_id=event.order_id, actor="staff", reason="Broken in the store.")
    handlers.count_cancellation(session, OrderCancelled(order_id=event.order_id, reason="Broken in the store."))
    assert (summary(session).orders, summary(session).paid, summary(session).revenue.amount) == (1, 0, 0)


def test_today_begins_at_midnight_where_the_shop_is(session: Session) -> None:
    event, _ = placed(session)
    handlers.count_order(session, event)

    assert queries.summary(session, today(), currency="EUR").orders == 1
    assert queries.summary(session, today(1), currency="EUR").orders == 0
    assert queries.summary(session, today(), currency="USD").orders == 0


def test_an_account_counts_once_on_the_day_its_address_was_first_verified(session: Session) -> None:
    def hear(shopper_id: UUID) -> None:
        handlers.count_account(session, AddressVerified(shopper_id=shopper_id, email="grace@example.com"))

    def accounts(day: date) -> int:
        return queries.funnel(session, Period(day, day, "Europe/Dublin")).accounts

    def newest() -> UUID:
        return session.scalars(select(MailedLink.id).order_by(MailedLink.id.desc())).first() or UUID(int=0)

    first, later = datetime(2026, 3, 10, 12, tzinfo=UTC), datetime(2026, 3, 12, 12, tzinfo=UTC)
    hear(make_shopper(session, email="nobody-verified@example.com").id)
    ask_registration(session, email="grace@example.com", password=PASSWORD, name="Grace", browser="one", now=first)
    assert accounts(first.date()) == 0
    grace = confirm_registration(session, link_id=newest(), browser="one", password="", now=first).id
    hear(grace)
    hear(grace)
    assert accounts(first.date()) == 1

    ask_new_email(session, shopper_id=grace, present=PASSWORD, email="hopper@example.com", now=later)
    confirm_new_email(session, link_id=newest(), shopper_id=grace, now=later)
    hear(grace)
    assert (accounts(first.date()), accounts(later.date())) == (1, 0)
