"""Kinds of messages are switched off, sent again, sent as a test, and told to the right ones of the staff."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notifications.again import send_again, send_test
from domain.notifications.commands import queue_message
from domain.notifications.events import MessageQueued
from domain.notifications.handlers import Sent, send_message
from domain.notifications.kinds import KINDS, NoSuchKind, switch, switched_off
from domain.notifications.log import NoSuchMessage, message_log
from domain.notifications.models import Message
from domain.notifications.previews import MADE_UP, example
from domain.notifications.samples import LETTERS, TEXTS
from domain.notifications.staff import addresses_for, alert
from domain.notifications.suppression import NotSuppressed, lift, suppress, suppressed, why_suppressed
from domain.notifications.topics import OF_TEMPLATE
from domain.shared.errors import RuleBroken
from domain.shared.outbox import OutboxMessage
from domain.users.commands import block_staff
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.factories.users import make_staff


def prepare(session: Session, message_id: UUID) -> object:
    return send_message.prepare(session, MessageQueued(message_id=message_id))


def finish(session: Session, message_id: UUID, state: str = "sent") -> UUID:
    send_message.finish(
        session, Sent(message_id=message_id, state=state, subject="Hello", provider_id=f"<{message_id}>")
    )
    return message_id


def one(session: Session, message_id: UUID) -> Message:
    return session.get_one(Message, message_id, populate_existing=True)


def test_every_letter_and_text_message_is_of_a_kind() -> None:
    assert set(KINDS) == set(LETTERS) | set(TEXTS)
    assert {name for name, kind in KINDS.items() if kind.for_staff} == {name for name in KINDS if name[:6] == "staff_"}
    assert not {name for name in OF_TEMPLATE if KINDS[name].needed}


def test_a_kind_that_is_switched_off_is_held_back_at_once_and_says_why(session: Session) -> None:
    waiting, other = make_message(session, template="order_delivered"), make_message(session)

    switch(session, template="order_delivered", on=False)

    assert prepare(session, waiting) is None
    assert (one(session, waiting).state, one(session, waiting).error) == (
        "suppressed",
        "Messages of this kind are switched off.",
    )
    assert prepare(session, other) is not None
    notice = queue_message(
        session, template="order_delivered", channel="site", recipient="shopper:1", subject_key="1", context={}
    )
    assert notice is None
    switch(session, template="order_delivered", on=True)
    assert switched_off(session) == frozenset()
    assert prepare(session, make_message(session, template="order_delivered")) is not None


@pytest.mark.parametrize("template", [name for name, kind in KINDS.items() if kind.needed])
def test_what_law_or_money_needs_cannot_be_switched_off(session: Session, template: str) -> None:
    with pytest.raises(RuleBroken, match="is always sent"):
        switch(session, template=template, on=False)

    assert switched_off(session) == frozenset()


def test_there_is_no_switch_for_what_does_not_exist(session: Session) -> None:
    with pytest.raises(NoSuchKind):
        switch(session, template="no_such", on=False)


def test_a_message_is_sent_again_word_for_word_as_a_new_one(session: Session) -> None:
    first = finish(session, make_message(session), "failed")

    second = send_again(session, message_id=first)
    with pytest.raises(RuleBroken, match="waits to be sent already"):
        send_again(session, message_id=first)
    finish(session, second)
    third = send_again(session, message_id=second)

    assert one(session, third).context == one(session, first).context
    stem = one(session, first).subject_key
    assert [one(session, id_).subject_key for id_ in (second, third)] == [f"{stem} again 1", f"{stem} again 2"]
    events = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.name == MessageQueued.name)).all()
    assert {"message_id": str(third)} in events


def test_what_cannot_be_sent_again_says_why_and_changes_nothing(session: Session) -> None:
    notice = queue_message(
        session, template="order_placed", channel="site", recipient="shopper:1", subject_key="1", context={"order": {}}
    )
    emptied, stopped = (
        finish(session, make_message(session)),
        finish(session, make_message(session, recipient="a@x.ie")),
    )
    one(session, emptied).context = {}
    suppress(session, email="a@x.ie", reason="bounce")
    session.flush()
    before = session.scalars(select(Message.id)).all()
    assert notice

    for message_id, why in (
        (notice, "notice"),
        (emptied, "deleted"),
        (stopped, "came back"),
        (make_message(session), "waits to be sent already"),
    ):
        with pytest.raises(RuleBroken, match=why):
            send_again(session, message_id=message_id)
    with pytest.raises(NoSuchMessage):
        send_again(session, message_id=uuid4())

    assert len(session.scalars(select(Message.id)).all()) == len(before) + 1


def test_a_test_goes_out_whatever_its_reader_wants_but_never_to_a_stopped_address(session: Session) -> None:
    switch(session, template="cart_reminder", on=False)
    for _ in range(2):
        sent = send_test(session, template="cart_reminder", to="ada@shop.test", context=LETTERS["cart_reminder"])
        assert sent
        assert prepare(session, sent) is not None
    suppress(session, email="ada@shop.test", reason="staff")
    held = send_test(session, template="cart_reminder", to="ada@shop.test", context=LETTERS["cart_reminder"])

    assert held
    assert prepare(session, held) is None


def test_the_log_is_searched_by_state_kind_reader_order_and_id(session: Session) -> None:
    order = make_order(session)
    placed = finish(session, make_message(session, recipient="a@example.com"))
    failed = finish(session, make_message(session, template="order_delivered", recipient="b@example.com"), "failed")
    about = queue_message(
        session, template="order_shipped", channel="sms", recipient="+353851234567", subject_key="1", context={},
        order_id=order.order_id,
    )  # fmt: skip

    def found(**search: str) -> list[UUID]:
        return [row.id for row in message_log(session, **search).rows]  # type: ignore[arg-type]

    assert found() == [about, failed, placed]
    assert found(state="failed") == [failed]
    assert found(state="queued") == [about]
    assert found(template="order_placed") == [placed]
    assert found(q="B@Example.com") == [failed]
    assert found(q="+353 85 123 4567") == [about]
    assert found(q=order.number.lower().replace("-", " ")) == [about]
    assert found(q=str(placed)) == [placed]
    assert found(q=f"<{placed}>") == [] or found(q=f"<{placed}@>") == []
    assert found(q="nobody") == []
    first = message_log(session, limit=2)
    assert [row.id for row in first.rows] == [about, failed]
    assert [row.id for row in message_log(session, after=first.after, limit=2).rows] == [placed]
    assert message_log(session, after=first.after, limit=2).after is None


def test_the_first_owner_hears_of_everything_until_somebody_is_chosen(session: Session) -> None:
    make_staff(session, email="desk@shop.test", role="support")
    make_staff(session, email="first@shop.test", role="owner")
    make_staff(session, email="second@shop.test", role="owner")
    assert addresses_for(session, "staff_low_stock") == ("first@shop.test",)

    alert(session, template="staff_low_stock", emails=["desk@shop.test", "second@shop.test"])
    assert addresses_for(session, "staff_low_stock") == ("desk@shop.test", "second@shop.test")
    assert addresses_for(session, "staff_new_order") == ("first@shop.test",)
    block_staff(session, email="desk@shop.test", giver={"*"})
    assert addresses_for(session, "staff_low_stock") == ("second@shop.test",)
    alert(session, template="staff_low_stock", emails=[])
    assert addresses_for(session, "staff_low_stock") == ()
    with pytest.raises(RuleBroken):
        alert(session, template="order_placed", emails=["first@shop.test"])


def test_a_stop_is_lifted_with_a_reason_and_holds_again_when_mail_comes_back_again(session: Session) -> None:
    suppress(session, email="Gone@example.com", reason="bounce", detail="550")
    with pytest.raises(RuleBroken, match="Say why"):
        lift(session, email="gone@example.com", because=" ")
    assert why_suppressed(session, "gone@example.com")

    lift(session, email="gone@example.com", because="It has room again.")
    assert why_suppressed(session, "gone@example.com") is None
    with pytest.raises(NotSuppressed):
        lift(session, email="gone@example.com", because="Once more.")
    suppress(session, email="gone@example.com", reason="complaint")
    suppress(session, email="gone@example.com", reason="staff")

    (row,) = suppressed(session, q="GONE@example.com").rows
    assert (row.reason, row.lifted_at, row.lifted_because) == ("complaint", None, "")
    suppress(session, email="other@example.com", reason="staff")
    first = suppressed(session, limit=1)
    assert [row.email for row in first.rows] == ["other@example.com"]
    assert [row.email for row in suppressed(session, after=first.after, limit=1).rows] == ["gone@example.com"]


def test_a_letter_is_shown_as_last_sent_with_an_order_or_made_up_and_never_with_a_real_link(session: Session) -> None:
    assert example(session, "order_placed").source == MADE_UP
    message_id, order = make_message(session), make_order(session)
    queue_message(
        session, template="reset_password", channel="email", recipient="a@x.ie", subject_key="1",
        context={"link_id": str(uuid4()), "purpose": "reset", "name": "Ada"},
    )  # fmt: skip

    assert example(session, "order_placed").message_id == message_id
    assert example(session, "order_placed", order_id=order.order_id).context["order"]["number"] == order.number
    assert example(session, "reset_password").context == LETTERS["reset_password"]
    for template, order_id in (("welcome", order.order_id), ("order_placed", uuid4())):
        with pytest.raises(RuleBroken):
            example(session, template, order_id=order_id)
    with pytest.raises(NoSuchKind):
        example(session, "no_such")
