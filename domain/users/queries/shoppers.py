"""Who buys here."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.users.errors import NoSuchShopper
from domain.users.models import Shopper


@dataclass(frozen=True)
class ShopperView:
    """A shopper with an account; a sign-in holds as long as its `session_key` is the present one."""

    id: UUID
    email: str
    name: str
    session_key: str
    verified: bool


def shopper_by_id(session: Session, shopper_id: UUID) -> ShopperView:
    """Return a shopper who may sign in; raises NoSuchShopper for anybody else, the blocked too."""
    shopper = session.scalar(select(Shopper).where(Shopper.id == shopper_id, Shopper.blocked_at.is_(None)))
    if shopper is None:
        raise NoSuchShopper
    return shopper_view(shopper)


def shopper_view(shopper: Shopper) -> ShopperView:
    """Turn the row of a shopper into what edges see."""
    return ShopperView(
        shopper.id, shopper.email, shopper.name, shopper.session_key, verified=shopper.verified_at is not None
    )
