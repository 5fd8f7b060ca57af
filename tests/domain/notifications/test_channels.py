"""A message waits while its channel is shut or at its rate, and nobody gets what they do not want."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notifications import channels, phones, topics
from domain.notifications.commands import queue_message, release_due
from domain.notifications.events import MessageQueued
from domain.notifications.handlers import Sent, notify, send_message
from domain.notifications.models import ChannelState, Message
from domain.notifications.queries import notices, unread
from domain.notifications.staff import alert
from domain.notifications.suppression import suppress
from domain.orders.events import OrderDelivered, OrderPlaced
from domain.shared.breaker import FAILURES
from domain.shared.db import utcnow
from domain.shared.errors import RuleBroken
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.users import make_shopper


def prepare(session: Session, message_id: UUID) -> object:
    return send_message.prepare(session, MessageQueued(message_id=message_id))


def one(session: Session, message_id: UUID) -> Message:
    return session.get_one(Message, message_id, populate_existing=True)


def test_a_channel_without_an_answer_is_left_alone_and_its_messages_wait(session: Session) -> None:
    sending = prepare(session, make_message(session))
    assert send_message.failed
    for _ in range(FAILURES):
        send_message.failed(session, sending)
    waiting, before = make_message(session), utcnow()

    assert prepare(session, waiting) is None
    message = one(session, waiting)
    assert (message.state, message.attempts) == ("queued", 0)
    assert message.not_before
    assert before + timedelta(seconds=3) < message.not_before < utcnow() + timedelta(seconds=6)

    assert release_due(session, now=message.not_before - timedelta(seconds=1), limit=10) == 0
    assert release_due(session, now=message.not_before + timedelta(seconds=1), limit=10) == 1
    events = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.name == MessageQueued.name)).all()
    assert events.count({"message_id": str(waiting)}) == 2


def test_an_answer_closes_the_circuit(session: Session) -> None:
    message_id = make_message(session)
    for _ in range(FAILURES):
        channels.note_silence(session, "email", now=utcnow())
    send_message.finish(session, Sent(message_id=message_id, state="sent", subject="Hello", provider_id="<1>"))

    state = session.get_one(ChannelState, "email", populate_existing=True)
    assert (state.failures, state.open_until) == (0, None)


def test_that_messages_leave_is_noted_once_a_minute_and_silence_from_its_beginning(session: Session) -> None:
    now = utcnow()
    channels.take_turn(session, "email", now=now)

    def state() -> tuple[object, object]:
        found = session.get_one(ChannelState, "email", populate_existing=True)
        return (found.sent_at, found.silent_since)

    channels.note_answer(session, "email", sent=False, now=now)
    assert state() == (None, None)
    for seconds in (0, 59):
        channels.note_answer(session, "email", sent=True, now=now + timedelta(seconds=seconds))
    assert state() == (now, None)
    for seconds in (70, 80):
        channels.note_silence(session, "email", now=now + timedelta(seconds=seconds))
    assert state() == (now, now + timedelta(seconds=70))
    channels.note_answer(session, "email", sent=True, now=now + timedelta(seconds=90))
    assert state() == (now + timedelta(seconds=90), None)


def test_a_channel_takes_so_many_a_second_and_no_more(session: Session) -> None:
    now = utcnow()
    most = int(channels.RATES["email"] * channels.BURST)
    turns = [channels.take_turn(session, "email", now=now) for _ in range(most + 1)]

    assert turns[:most] == [None] * most
    assert turns[most] == now + timedelta(seconds=1)
    assert channels.take_turn(session, "email", now=now + timedelta(seconds=1)) is None


def test_nothing_goes_to_an_address_that_is_on_the_list(session: Session) -> None:
    message_id = make_message(session, recipient="gone@example.com")
    suppress(session, email="GONE@example.com", reason="bounce")

    assert prepare(session, message_id) is None
    message = one(session, message_id)
    assert (message.state, message.error) == ("suppressed", "Mail to this address came back for good.")


@pytest.mark.parametrize(("template", "said", "goes"), [
    ("review_request", None, True), ("review_request", False, False), ("cart_reminder", None, False),
    ("cart_reminder", True, True), ("order_placed", False, True),
])  # fmt: skip
def test_a_reader_gets_what_they_want(session: Session, template: str, said: bool | None, goes: bool) -> None:
    if said is not None:
        for topic in topics.TOPICS:
            topics.say(session, email="Aoife@example.com", topic=topic.name, wanted=said)
    message_id = make_message(session, template=template)

    assert (prepare(session, message_id) is not None) == goes
    assert one(session, message_id).state == ("queued" if goes else "suppressed")


def test_a_delivery_is_told_at_once_and_asked_about_a_week_later_once(session: Session) -> None:
    order = make_order(session)
    for _ in range(2):
        notify(session, OrderDelivered(order_id=order.order_id))

    found = {message.template: message for message in session.scalars(select(Message))}
    assert sorted(found) == ["order_delivered", "review_request"]
    later = found["review_request"].not_before
    assert later
    assert timedelta(days=6, hours=23) < later - utcnow() < timedelta(days=7, hours=1)
    assert prepare(session, found["review_request"].id) is None
    assert found["review_request"].state == "queued"


def test_staff_hear_of_what_they_asked_for_and_of_nothing_else(session: Session) -> None:
    alert(session, template="staff_new_order", emails=["Desk@example.com", "desk@example.com", "owner@example.com"])
    order = make_order(session)
    event = OrderPlaced(order_id=order.order_id, number=order.number, total=Money(100, "EUR"), units=1)
    notify(session, event)
    notify(session, event)

    told = select(Message.recipient).where(Message.template == "staff_new_order")
    assert sorted(session.scalars(told)) == ["desk@example.com", "owner@example.com"]
    alert(session, template="staff_new_order", emails=[])
    another = make_order(session)
    notify(session, OrderPlaced(order_id=another.order_id, number=another.number, total=event.total, units=1))
    assert len(session.scalars(told).all()) == 2


def test_a_notice_is_there_with_the_commit_for_its_shopper_alone(session: Session, settings: Settings) -> None:
    shopper, other = make_shopper(session, email="a@example.com"), make_shopper(session, email="b@example.com")
    queue_message(
        session, template="order_delivered", channel="site", recipient=f"shopper:{shopper.id}", subject_key="1",
        context={"order": {"number": "CS-1", "path": "/orders/CS-1?key=k"}}, shopper_id=shopper.id,
    )  # fmt: skip

    (notice,) = notices(session, shopper_id=shopper.id, settings=settings)
    assert (notice.title, notice.path, notice.new) == ("Your order CS-1 has arrived", "/orders/CS-1?key=k", True)
    assert (unread(session, shopper.id), unread(session, other.id)) == (1, 0)
    assert notices(session, shopper_id=other.id, settings=settings) == ()
    assert session.scalars(select(OutboxMessage.id).where(OutboxMessage.name == MessageQueued.name)).all() == []


def code_sent(session: Session) -> str:
    (context,) = session.scalars(select(Message.context).where(Message.template == "phone_code"))
    return str(context["code"])


def test_a_number_counts_when_its_code_came_back(session: Session) -> None:
    shopper, now = make_shopper(session, email="a@example.com"), utcnow()
    phones.ask_for_code(session, shopper_id=shopper.id, number="085 123 4567", country="IE", now=now)

    assert phones.verified_number(session, shopper.id) is None
    assert phones.verify(session, shopper_id=shopper.id, code=code_sent(session), now=now)
    session.flush()
    assert phones.verified_number(session, shopper.id) == "+353851234567"


def test_codes_cannot_be_guessed_or_asked_for_without_end(session: Session) -> None:
    shopper, now = make_shopper(session, email="a@example.com"), utcnow()
    phones.ask_for_code(session, shopper_id=shopper.id, number="085 123 4567", country="IE", now=now)
    code = code_sent(session)
    wrong = "000000" if code != "000000" else "111111"

    with pytest.raises(RuleBroken, match="wait a minute"):
        phones.ask_for_code(session, shopper_id=shopper.id, number="085 123 4567", country="IE", now=now)
    assert not phones.verify(session, shopper_id=uuid4(), code=code, now=now)
    assert not phones.verify(session, shopper_id=shopper.id, code=code, now=now + timedelta(minutes=11))
    for _ in range(phones.TRIES):
        assert not phones.verify(session, shopper_id=shopper.id, code=wrong, now=now)
        session.flush()
    assert not phones.verify(session, shopper_id=shopper.id, code=code, now=now)


@pytest.mark.parametrize("number", ["", "hello", "01 234 5678", "+353", "+1 555 010"])
def test_what_gets_no_text_message_is_refused(number: str) -> None:
    with pytest.raises(phones.BadPhone):
        phones.normal_phone(number, "IE")
