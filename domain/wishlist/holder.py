"""Whose wishlist it is: a shopper's own, or the one that a browser keeps the id of."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, false

from domain.wishlist.models import Wishlist


@dataclass(frozen=True)
class Holder:
    """Who has a list; the account comes first, and a list of somebody's account is never found by its id alone."""

    shopper_id: UUID | None = None
    list_id: UUID | None = None

    @property
    def own(self) -> ColumnElement[bool]:
        """Name the list among all lists."""
        if self.shopper_id is not None:
            return Wishlist.shopper_id == self.shopper_id
        if self.list_id is not None:
            return (Wishlist.id == self.list_id) & Wishlist.shopper_id.is_(None)
        return false()
