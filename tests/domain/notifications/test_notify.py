"""Events make messages, once each, and a message is sent once."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.notifications.commands import begin_attempt, finish_attempt
from domain.notifications.handlers import notify, send_message
from domain.notifications.models import Message
from domain.orders.events import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded, PaymentFailed
from domain.shared.events import from_payload
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.factories.notifications import make_message, order_context
from tests.factories.orders import make_order, pay


def messages(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.created_at)))


def placed(session: Session) -> OrderPlaced:
    order = make_order(session)
    row = session.execute(
        select(OutboxMessage.name, OutboxMessage.payload).where(OutboxMessage.name == OrderPlaced.name)
    ).one()
    event = from_payload(row.name, row.payload)
    assert isinstance(event, OrderPlaced)
    assert event.order_id == order.order_id
    return event


def test_an_order_is_confirmed_with_what_it_was_at_that_moment(session: Session) -> None:
    event = placed(session)
    notify(session, event)

    (message,) = messages(session)
    assert (message.template, message.recipient, message.state) == ("order_placed", "aoife@example.com", "queued")
    assert message.order_id == event.order_id
    order = message.context["order"]
    assert (order["number"], order["total"], order["paid"]) == (event.number, event.total.amount, False)
    assert sum(line["total"] for line in order["lines"]) == order["subtotal"]
    assert order["path"].startswith(f"/orders/{event.number}?key=")
    queued = select(OutboxMessage.payload).where(OutboxMessage.name == "notifications.message_queued")
    assert session.scalars(queued).all() == [{"message_id": str(message.id)}]


def test_the_same_news_makes_one_message(session: Session) -> None:
    event = placed(session)
    notify(session, event)
    notify(session, event)

    assert len(messages(session)) == 1
    queued = select(func.count()).where(OutboxMessage.name == "notifications.message_queued")
    assert session.scalar(queued) == 1


def test_each_kind_of_news_about_one_order_has_its_message(session: Session) -> None:
    order = make_order(session)
    payment_id = pay(session, order.order_id)
    notify(session, OrderPaid(order_id=order.order_id, payment_id=payment_id))
    notify(session, PaymentFailed(order_id=order.order_id, payment_id=payment_id))
    notify(session, OrderRefunded(order_id=order.order_id, refund_id=uuid4(), amount=Money(500, "EUR")))
    notify(session, OrderRefunded(order_id=order.order_id, refund_id=uuid4(), amount=Money(700, "EUR")))
    notify(session, OrderCancelled(order_id=order.order_id, reason="You asked for it."))

    found = messages(session)
    assert [message.template for message in found] == [
        "payment_received", "payment_failed", "order_refunded", "order_refunded", "order_cancelled",
    ]  # fmt: skip
    assert [message.context.get("refunded") for message in found] == [None, None, 500, 700, None]


def test_a_replaced_order_is_not_announced_as_cancelled(session: Session) -> None:
    order = make_order(session)
    notify(session, OrderCancelled(order_id=order.order_id, reason="Replaced.", replaced_by=uuid4()))

    assert messages(session) == []


def test_an_order_that_is_gone_makes_no_message(session: Session) -> None:
    notify(session, OrderPaid(order_id=uuid4(), payment_id=None))

    assert messages(session) == []


def test_without_a_mail_server_a_message_says_why_it_was_not_sent(session: Session, settings: Settings) -> None:
    message_id = make_message(session)
    sending = begin_attempt(session, message_id=message_id)
    assert sending is not None
    sent = send_message.perform(sending_of(sending), settings.model_copy(update={"smtp_host": None}))
    send_message.finish(session, sent)

    (message,) = messages(session)
    assert (message.state, message.attempts) == ("suppressed", 1)
    assert message.error == "No mail server is set (SHOP_SMTP_HOST)."


def sending_of(message: Message) -> object:
    from domain.notifications.handlers import Sending

    return Sending(
        message_id=message.id, template=message.template, recipient=message.recipient, context=message.context
    )


@pytest.mark.parametrize("state", ["sent", "failed"])
def test_a_message_that_has_ended_stays_as_it_is(session: Session, state: str) -> None:
    message_id = make_message(session)
    finish_attempt(session, message_id=message_id, state=state, subject="First", provider_id="<1@shop>", error="")
    finish_attempt(session, message_id=message_id, state="failed", subject="Second", provider_id=None, error="late")

    (message,) = messages(session)
    assert (message.state, message.subject, message.provider_id, message.error) == (state, "First", "<1@shop>", "")
    assert begin_attempt(session, message_id=message_id) is None


def test_the_context_of_a_message_is_plain_json(session: Session) -> None:
    make_message(session)
    session.expire_all()

    assert messages(session)[0].context["order"]["lines"] == order_context()["lines"]
