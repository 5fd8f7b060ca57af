"""Customers as staff see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from domain.users.errors import NoSuchShopper
from domain.users.models import Shopper

WORDS = Shopper.email + literal_column("' '") + func.lower(Shopper.name)
"""As the index has it, so without a parameter in it."""
MOST_WORDS = 6
SHORTEST = 2
"""Letters that a word needs to be looked for: one letter is in nearly every name."""


@dataclass(frozen=True)
class CustomerRow:
    """An account in a list, or at the head of its page."""

    id: UUID
    email: str
    name: str
    since: datetime
    verified: bool
    blocked_at: datetime | None
    second_factor: bool
    note: str


@dataclass(frozen=True)
class CustomerList:
    """Some accounts, newest first; `after` asks for the next ones, None if there are none."""

    rows: tuple[CustomerRow, ...]
    after: UUID | None


def customer_list(
    session: Session, *, q: str = "", blocked: bool = False, after: UUID | None = None, limit: int = 50
) -> CustomerList:
    """Accounts whose address or name holds all of some words; one statement, by index at any size."""
    statement = select(Shopper).order_by(Shopper.created_at.desc(), Shopper.id.desc()).limit(limit + 1)
    for word in q.lower().split()[:MOST_WORDS]:
        if len(word) >= SHORTEST:
            statement = statement.where(WORDS.contains(word, autoescape=True))
    if blocked:
        statement = statement.where(Shopper.blocked_at.is_not(None))
    if after:
        last = select(Shopper.created_at, Shopper.id).where(Shopper.id == after).subquery()
        statement = statement.where(
            tuple_(Shopper.created_at, Shopper.id) < select(last.c[0], last.c[1]).scalar_subquery()
        )
    found = session.scalars(statement).all()
    rows = tuple(customer_row(shopper) for shopper in found[:limit])
    return CustomerList(rows, rows[-1].id if len(found) > limit else None)


def customer(session: Session, shopper_id: UUID) -> CustomerRow:
    """Return one account, blocked or not; raises NoSuchShopper."""
    shopper = session.scalar(select(Shopper).where(Shopper.id == shopper_id))
    if shopper is None:
        raise NoSuchShopper
    return customer_row(shopper)


def customer_row(shopper: Shopper) -> CustomerRow:
    """Turn the row of an account into what staff see."""
    return CustomerRow(
        shopper.id,
        shopper.email,
        shopper.name,
        shopper.created_at,
        verified=shopper.verified_at is not None,
        blocked_at=shopper.blocked_at,
        second_factor=shopper.totp_confirmed_at is not None,
        note=shopper.staff_note,
    )


def is_blocked(session: Session, email: str) -> bool:
    """Say whether the account of an address is blocked."""
    return session.scalar(select(Shopper.blocked_at).where(Shopper.email == email.lower())) is not None
