"""What was written to an address that an account had before goes with the account."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from domain.catalog.commands import receive
from domain.notifications.accounts import tell_of_change
from domain.notifications.again import send_again
from domain.notifications.commands import queue_message
from domain.notifications.forget import empty_orphans, forget_recipient, keep_for_erasure
from domain.notifications.mine import messages_to_take_along
from domain.notifications.models import EMAIL, SENT, Message, Preference, StockWait
from domain.notifications.queries import unread
from domain.notifications.topics import say
from domain.notifications.waiting import tell_waiting, wait_for
from domain.shared.db import Sessions, transaction
from domain.users.commands.customers import erase_account
from domain.users.events import AccountChanged
from domain.users.models import Shopper
from tests.factories.catalog import make_product
from tests.factories.users import make_shopper
from tests.processes import eventually, waiting_for_locks

OLD, NEW, OTHER, NOBODY = "old@example.com", "new@example.com", "other@example.com", "deleted@account.invalid"


def letter(session: Session, to: str) -> None:
    """Write a letter to somebody, and note that it was sent."""
    queue_message(
        session, template="welcome", channel=EMAIL, recipient=to, subject_key=str(uuid4()), context={"name": "Grace"}
    )
    send_all(session)


def send_all(session: Session) -> None:
    session.execute(update(Message).values(state=SENT))


def said(session: Session) -> list[tuple[str, dict[str, object]]]:
    found = session.execute(select(Message.recipient, Message.context).order_by(Message.id))
    return [(row.recipient, row.context) for row in found]


def move(session: Session) -> Shopper:
    """Give an account another address, as its owner does, with letters to both and one to somebody else."""
    shopper = session.get_one(Shopper, make_shopper(session, email=OLD).id)
    letter(session, OLD)
    letter(session, OTHER)
    shopper.email = NEW
    session.flush()
    tell_of_change(session, AccountChanged(shopper_id=shopper.id, change_id=uuid4(), email=OLD, what="address"))
    letter(session, NEW)
    return shopper


def erase(session: Session, shopper: Shopper) -> None:
    forget_recipient(session, email=NEW, shopper_id=shopper.id)
    erase_account(session, shopper_id=shopper.id)
    session.flush()


def test_letters_to_a_former_address_are_emptied_with_the_account(session: Session) -> None:
    shopper = move(session)
    taken = messages_to_take_along(session, shopper_id=shopper.id, email=NEW)["messages"]
    assert [message["kind"] for message in taken] == ["welcome", "account_notice", "welcome"]
    assert unread(session, shopper.id) == 0

    erase(session, shopper)

    assert said(session) == [(NOBODY, {}), (OTHER, {"name": "Grace"}), (NOBODY, {}), (NOBODY, {})]


def test_one_that_was_still_to_be_sent_is_emptied_once_it_is(session: Session) -> None:
    shopper = move(session)
    session.execute(update(Message).where(Message.template == "account_notice").values(state="queued"))
    erase(session, shopper)
    assert [to for to, _ in said(session)] == [NOBODY, OTHER, OLD, NOBODY]
    assert empty_orphans(session, limit=9) == 0

    send_all(session)

    assert empty_orphans(session, limit=9) == 1
    assert [to for to, _ in said(session)] == [NOBODY, OTHER, NOBODY, NOBODY]
    assert empty_orphans(session, limit=9) == 0


def test_a_change_that_is_noted_only_after_the_account_is_gone_leaves_nothing_behind(session: Session) -> None:
    shopper_id = make_shopper(session, email=OLD).id
    letter(session, OLD)
    session.execute(update(Shopper).where(Shopper.id == shopper_id).values(email=NEW))
    session.expire_all()
    erase(session, session.get_one(Shopper, shopper_id))
    assert [to for to, _ in said(session)] == [OLD]

    tell_of_change(session, AccountChanged(shopper_id=shopper_id, change_id=uuid4(), email=OLD, what="address"))
    send_all(session)

    assert empty_orphans(session, limit=9) == 2
    assert said(session) == [(NOBODY, {})] * 2


def test_a_copy_of_a_letter_to_a_former_address_goes_with_the_account_too(session: Session) -> None:
    shopper = move(session)
    first = session.scalars(select(Message.id).where(Message.recipient == OLD).order_by(Message.id)).first()
    assert first

    send_again(session, message_id=first)
    send_all(session)
    assert [to for to, _ in said(session)].count(OLD) == 3
    erase(session, shopper)

    assert [to for to, _ in said(session)].count(OLD) == 0


def waits(session: Session) -> list[tuple[str, bool]]:
    found = session.execute(select(StockWait.email, StockWait.told_at))
    return sorted((row.email, row.told_at is not None) for row in found)


def test_what_a_former_address_waits_for_is_told_to_the_present_one(session: Session) -> None:
    jug, mug = (make_product(session, sku=sku, on_hand=0) for sku in ("JUG-1", "MUG-1"))
    for sku, email in (("JUG-1", OLD), ("MUG-1", OLD), ("MUG-1", NEW), ("JUG-1", OTHER)):
        wait_for(session, sku=sku, email=email)
    receive(session, quantities={mug.variant_id: 5}, actor="staff")
    tell_waiting(session, [mug.id])
    wait_for(session, sku="MUG-1", email=NEW)
    wait_for(session, sku="MUG-1", email=OLD)

    shopper = move(session)

    # Of the same open wish one is left; those that were told of are no less an address.
    assert waits(session) == [(NEW, False), (NEW, False), (NEW, True), (NEW, True), (OTHER, False)]
    receive(session, quantities={jug.variant_id: 5}, actor="staff")
    tell_waiting(session, [jug.id])
    told = session.scalars(select(Message.recipient).where(Message.context["item"]["path"].as_string().like("%JUG-1")))
    assert sorted(told) == [NEW, OTHER]
    send_all(session)
    erase(session, shopper)
    assert waits(session) == [(OTHER, True)]
    assert {to for to, _ in said(session)} == {NOBODY, OTHER}


def test_what_a_former_address_wants_holds_for_the_present_one_unless_it_said_so_itself(session: Session) -> None:
    for topic, email, wanted in (
        ("reminders", OLD, True), ("stock", OLD, False), ("stock", NEW, True), ("reminders", OTHER, False),
    ):  # fmt: skip
        say(session, email=email, topic=topic, wanted=wanted)

    shopper = move(session)

    wants = select(Preference.email, Preference.topic, Preference.wanted).order_by(Preference.email, Preference.topic)
    assert [tuple(row) for row in session.execute(wants)] == [
        (NEW, "reminders", True), (NEW, "stock", True), (OTHER, "reminders", False),
    ]  # fmt: skip
    erase(session, shopper)
    assert session.scalars(select(Preference.email)).all() == [OTHER]


def test_what_the_address_of_an_account_that_is_gone_waits_for_and_wants_is_dropped(session: Session) -> None:
    make_product(session, sku="JUG-1", on_hand=0)
    wait_for(session, sku="JUG-1", email=OLD)
    say(session, email=OLD, topic="reminders", wanted=True)

    tell_of_change(session, AccountChanged(shopper_id=uuid4(), change_id=uuid4(), email=OLD, what="address"))

    assert waits(session) == []
    assert session.scalars(select(Preference.email)).all() == []


@pytest.mark.parametrize("erasing", [True, False])
def test_letters_are_locked_by_their_ids_as_those_are_that_are_sent_again(sessions: Sessions, erasing: bool) -> None:
    low, high = sorted((uuid4(), uuid4()))
    with transaction(sessions) as tx:
        for id_ in (high, low):  # as they lie in the table, the other way round
            tx.add(Message(id=id_, template="welcome", subject_key=str(id_), channel=EMAIL, recipient=OLD, state=SENT))
            tx.flush()

    def second() -> None:
        with transaction(sessions) as tx:
            if erasing:
                forget_recipient(tx, email=OLD, shopper_id=uuid4())
            else:
                keep_for_erasure(tx, former=OLD, present=NEW, shopper_id=uuid4())

    lock = text("SELECT FROM notifications.messages WHERE id = :id FOR UPDATE NOWAIT")
    with ThreadPoolExecutor() as pool:
        with transaction(sessions) as tx:
            tx.execute(lock, {"id": low})
            later = pool.submit(second)
            eventually(lambda: waiting_for_locks(sessions, saying="notifications.messages") == 1)
            tx.execute(lock, {"id": high})
        later.result()
