"""Customers as staff see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from domain.shared.lists import Filter, Place, Sorting, known, page_of
from domain.shared.quick import Prepared, one
from domain.shared.stamp import stamp
from domain.users.errors import NoSuchShopper
from domain.users.models import Shopper

_BLOCKED = Prepared("SELECT blocked_at FROM users.shoppers WHERE email = :email", "blocked_at")

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

    @property
    def version(self) -> str:
        """A stamp of the note, which is all that staff write on an account."""
        return stamp(self.note)


@dataclass(frozen=True)
class CustomerList:
    """Some accounts, newest first; `after` asks for the next ones, None if there are none."""

    rows: tuple[CustomerRow, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class CustomerFilter(Filter):
    """Which customers are looked for, and in which order."""

    q: str = ""
    show: str = ""
    sort: str = ""


EVERYBODY = CustomerFilter()
SHOWN = {"": "All", "blocked": "Blocked", "noted": "With a note"}
SORTINGS = {
    "": Sorting("Newest first", (Shopper.created_at, Shopper.id), falls=True),
    "oldest": Sorting("Oldest first", (Shopper.created_at, Shopper.id)),
    "email": Sorting("By mail address", (Shopper.email, Shopper.id)),
}
SORTS = {name: sorting.label for name, sorting in SORTINGS.items()}


def read_customer_filter(words: Mapping[str, str]) -> CustomerFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return CustomerFilter(
        q=words.get("q", "").strip()[:200],
        show=known(words.get("show"), SHOWN),
        sort=known(words.get("sort"), SORTS),
    )


def customer_list(
    session: Session, wanted: CustomerFilter = EVERYBODY, *, after: UUID | Place | None = None, limit: int = 50
) -> CustomerList:
    """Accounts whose address or name holds all of some words; one statement, by index at any size."""
    statement = page_of(select(Shopper), SORTINGS[wanted.sort], after=after, limit=limit)
    for word in wanted.q.lower().split()[:MOST_WORDS]:
        if len(word) >= SHORTEST:
            statement = statement.where(WORDS.contains(word, autoescape=True))
    if wanted.show == "blocked":
        statement = statement.where(Shopper.blocked_at.is_not(None))
    if wanted.show == "noted":
        statement = statement.where(Shopper.staff_note != "")
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
    found = one(session, _BLOCKED, {"email": email.lower()})
    return found is not None and found.blocked_at is not None
