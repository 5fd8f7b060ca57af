"""The addresses in a shopper's book."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.users.models import SavedAddress


@dataclass(frozen=True)
class AddressRow:
    """An address in the book."""

    id: UUID
    address: dict[str, str]
    is_default: bool


def address_book(session: Session, shopper_id: UUID) -> tuple[AddressRow, ...]:
    """Return a shopper's addresses, the default first."""
    rows = session.scalars(
        select(SavedAddress)
        .where(SavedAddress.shopper_id == shopper_id)
        .order_by(SavedAddress.is_default.desc(), SavedAddress.id)
    )
    return tuple(AddressRow(row.id, row.address, row.is_default) for row in rows)
