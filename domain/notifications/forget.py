"""Taking an address out of what was written to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, column, delete, or_, select, table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from domain.notifications.models import QUEUED, SITE, Message, Preference, StockWait

FAREWELL = "account_notice"
"""The letter whose `gone` says that it tells an account's address of its deletion."""
_EMPTY: dict[str, Any] = {
    "recipient": "deleted@account.invalid",
    "subject": "",
    "context": {},
    "error": "",
    "shopper_id": None,
}


def forget_recipient(session: Session, *, email: str, shopper_id: UUID, order_ids: Sequence[UUID] = ()) -> None:
    """Empty the messages that went to an address or are about these orders, and drop what it waits for and wants.

    So are those that went to an address that the account had before.

    Those that are about to be sent are kept, until `empty_farewells`; those that wait for a later day are not. Notices
    inside the site go.
    """
    theirs = or_(Message.recipient == email, Message.order_id.in_(order_ids), Message.shopper_id == shopper_id)
    _hold(session, theirs)
    session.execute(delete(Message).where(Message.shopper_id == shopper_id, Message.channel == SITE))
    session.execute(delete(Message).where(theirs, Message.not_before.is_not(None)))
    session.execute(delete(Preference).where(Preference.email == email))
    _empty(session, theirs)
    session.execute(delete(StockWait).where(StockWait.email == email))


def keep_for_erasure(session: Session, *, former: str, present: str | None, shopper_id: UUID) -> None:
    """Note of what went to an address whose account it belonged to, now that the account has another one.

    What the former address waits for and wants goes on under the present one, where that has said nothing of its own:
    a letter that is written later would be nobody's. It is dropped if the account is gone and there is none.
    """
    if former != present:
        # First of all: a letter that is being written to somebody who waits is then among those that are noted below.
        _move(session, StockWait, former, present)
        _move(session, Preference, former, present)
    theirs = (Message.recipient == former) & Message.shopper_id.is_(None)
    _hold(session, theirs)
    session.execute(
        update(Message).where(theirs).values(shopper_id=shopper_id).execution_options(synchronize_session=False)
    )


def _move(session: Session, model: type[StockWait | Preference], former: str, present: str | None) -> None:
    """Take the rows of an address away, and give another one those of which it has none that says the same."""
    columns = model.__table__.columns
    taken = session.execute(
        delete(model).where(model.email == former).returning(*columns).execution_options(synchronize_session=False)
    ).mappings()
    rows = [{**row, "email": present} for row in taken]
    if rows and present:
        session.execute(insert(model).on_conflict_do_nothing(), rows)


def empty_orphans(session: Session, *, limit: int) -> int:
    """Empty some letters to former addresses of accounts that are gone, and return how many that was.

    They were still to be sent when the account was deleted, or were noted as its own only after that.
    """
    accounts = table("shoppers", column("id"), schema="users")
    found = session.scalars(
        select(Message.id)
        .where(
            Message.shopper_id.is_not(None),
            Message.channel != SITE,
            Message.state != QUEUED,
            ~select(accounts.c.id).where(accounts.c.id == Message.shopper_id).exists(),
        )
        .limit(limit)
    ).all()
    _empty(session, Message.id.in_(found))
    return len(found)


def empty_farewells(session: Session, *, limit: int) -> int:
    """Empty some of the letters that were still to be sent when an account was deleted, the one that told of it last.

    A farewell waits for what was written to its address before it. Return how many accounts that was.
    """
    before = aliased(Message)
    under_way = select(before.id).where(
        before.recipient == Message.recipient, before.id < Message.id, before.state == QUEUED
    )
    farewells = session.execute(
        select(Message.id, Message.recipient)
        .where(
            Message.template == FAREWELL,
            Message.context["gone"].as_boolean(),
            Message.state != QUEUED,
            ~under_way.exists(),
        )
        .order_by(Message.id)
        .limit(limit)
    ).all()
    if farewells:
        _empty(session, or_(*((Message.recipient == row.recipient) & (Message.id <= row.id) for row in farewells)))
    return len(farewells)


def _hold(session: Session, which: ColumnElement[bool]) -> None:
    """Lock messages in the order of their ids, as whoever sends many again does: two that meet then take turns."""
    session.execute(select(Message.id).where(which).order_by(Message.id).with_for_update())


def _empty(session: Session, which: ColumnElement[bool]) -> None:
    _hold(session, which & (Message.state != QUEUED))
    session.execute(
        update(Message)
        .where(which, Message.state != QUEUED)
        .values(**_EMPTY)
        .execution_options(synchronize_session=False)
    )
