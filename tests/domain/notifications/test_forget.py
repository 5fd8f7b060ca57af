"""What was written to an address that an account had before goes with the account."""

from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.notifications.accounts import tell_of_change
from domain.notifications.commands import queue_message
from domain.notifications.forget import empty_orphans, forget_recipient
from domain.notifications.mine import messages_to_take_along
from domain.notifications.models import EMAIL, SENT, Message
from domain.notifications.queries import unread
from domain.users.commands.customers import erase_account
from domain.users.events import AccountChanged
from domain.users.models import Shopper
from tests.factories.users import make_shopper

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
