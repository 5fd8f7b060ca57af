"""Deleting an account, and what accounts leave behind."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from domain.users.commands.profile import check_password, locked
from domain.users.commands.sessions import REMEMBERED
from domain.users.commands.shoppers import notice
from domain.users.models import MailedLink, ShopperSession

KEEP_LINKS = timedelta(days=7)
"""How long a link that no longer works is kept, so that its mail can be asked about."""
KEEP_SIGN_INS = timedelta(days=30)
"""How long a sign-in that ended is kept."""


def delete_account(session: Session, *, shopper_id: UUID, password: str) -> None:
    """Delete an account with its addresses, sign-ins and links, and tell its address; raises WrongPassword."""
    shopper = locked(session, shopper_id)
    check_password(shopper, password)
    notice(session, shopper, "deleted")
    session.execute(delete(MailedLink).where(MailedLink.email == shopper.email))
    session.delete(shopper)
    session.flush()


def purge_accounts(session: Session, *, now: datetime) -> int:
    """Drop links and sign-ins that serve nobody any more; return how many."""
    links = delete(MailedLink).where(MailedLink.expires_at < now - KEEP_LINKS).returning(MailedLink.id)
    sign_ins = (
        delete(ShopperSession)
        .where(
            or_(
                ShopperSession.ended_at < now - KEEP_SIGN_INS,
                ShopperSession.last_seen_at < now - REMEMBERED - KEEP_SIGN_INS,
            )
        )
        .returning(ShopperSession.id)
    )
    return len(session.scalars(links).all()) + len(session.scalars(sign_ins).all())
