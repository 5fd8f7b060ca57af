"""What shoppers change about themselves: name, password, e-mail address and the addresses they deliver to."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.shared.db import lock_one
from domain.shared.outbox import record
from domain.users.commands.sessions import end_sessions
from domain.users.commands.shoppers import notice
from domain.users.email import normal_email
from domain.users.errors import LinkSpent, NoSuchShopper, TooManyAddresses, WrongPassword
from domain.users.events import AddressVerified, LinkAsked
from domain.users.links import ADDRESS
from domain.users.models import MailedLink, SavedAddress, Shopper
from domain.users.passwords import check_acceptable, hash_password, matches

NEW_ADDRESS_LIFE = timedelta(days=1)
MOST_ADDRESSES = 20


def locked(session: Session, shopper_id: UUID) -> Shopper:
    """Return a shopper's row, locked; raises NoSuchShopper."""
    shopper = lock_one(session, Shopper, shopper_id)
    if shopper is None:
        raise NoSuchShopper
    return shopper


def hold_shopper(session: Session, *, shopper_id: UUID) -> None:
    """Lock a shopper's account, with all that hangs below it, until the transaction ends; raises NoSuchShopper."""
    locked(session, shopper_id)


def check_password(shopper: Shopper, password: str) -> None:
    """Raise WrongPassword unless this is the shopper's own."""
    if not matches(shopper.password_hash, password):
        raise WrongPassword


def change_name(session: Session, *, shopper_id: UUID, name: str) -> None:
    """Call a shopper by another name."""
    locked(session, shopper_id).name = name.strip()


def change_password(
    session: Session, *, shopper_id: UUID, present: str, password: str, here: UUID | None, now: datetime
) -> None:
    """Change a password, which signs every other browser out; raises WrongPassword or WeakPassword."""
    shopper = locked(session, shopper_id)
    check_password(shopper, present)
    check_acceptable(password, email=shopper.email)
    shopper.password_hash = hash_password(password)
    end_sessions(session, shopper_id=shopper_id, now=now, but=here)
    notice(session, shopper, "password")


def ask_new_email(session: Session, *, shopper_id: UUID, present: str, email: str, now: datetime) -> None:
    """Send a link to a new address, which changes nothing until it is used; raises WrongPassword or BadEmail."""
    shopper = locked(session, shopper_id)
    check_password(shopper, present)
    link = MailedLink(
        purpose=ADDRESS, email=normal_email(email), shopper_id=shopper_id, expires_at=now + NEW_ADDRESS_LIFE
    )
    session.add(link)
    record(session, LinkAsked(link_id=link.id))


def confirm_new_email(session: Session, *, link_id: UUID, shopper_id: UUID, now: datetime) -> None:
    """Change the address to the one that a link was sent to, and tell the old one; raises LinkSpent.

    Only the account that asked can do it: whoever else gets the mail has nothing to gain from it.
    """
    link = lock_one(session, MailedLink, link_id)
    if link is None or link.purpose != ADDRESS or link.shopper_id != shopper_id or link.used_at:
        raise LinkSpent
    shopper = locked(session, shopper_id)
    taken = session.scalar(select(func.count()).select_from(Shopper).where(Shopper.email == link.email))
    if link.expires_at <= now or taken:
        raise LinkSpent
    notice(session, shopper, "address")
    shopper.email, shopper.verified_at, link.used_at = link.email, now, now
    record(session, AddressVerified(shopper_id=shopper_id, email=link.email))


def save_address(
    session: Session, *, shopper_id: UUID, address: dict[str, str], default: bool, address_id: UUID | None = None
) -> UUID:
    """Write an address into a shopper's book or change one of theirs; the first one is the default."""
    locked(session, shopper_id)
    count = session.scalar(select(func.count()).select_from(SavedAddress).where(SavedAddress.shopper_id == shopper_id))
    row = session.scalar(_own(shopper_id, address_id)) if address_id else None
    if row is None:
        if address_id:
            raise NoSuchShopper
        if (count or 0) >= MOST_ADDRESSES:
            raise TooManyAddresses(MOST_ADDRESSES)
        row = SavedAddress(shopper_id=shopper_id, address=address, is_default=not count)
        session.add(row)
    row.address = address
    session.flush()
    if default and not row.is_default:
        session.execute(update(SavedAddress).where(SavedAddress.shopper_id == shopper_id).values(is_default=False))
        row.is_default = True
    return row.id


def drop_address(session: Session, *, shopper_id: UUID, address_id: UUID) -> None:
    """Take an address out of a shopper's book; the oldest that is left becomes the default if it was that."""
    locked(session, shopper_id)
    row = session.scalar(_own(shopper_id, address_id))
    if row is None:
        return
    session.delete(row)
    session.flush()
    if row.is_default:
        next_one = session.scalar(
            select(SavedAddress).where(SavedAddress.shopper_id == shopper_id).order_by(SavedAddress.id).limit(1)
        )
        if next_one:
            next_one.is_default = True


def _own(shopper_id: UUID, address_id: UUID):  # type: ignore[no-untyped-def]
    return select(SavedAddress).where(SavedAddress.id == address_id, SavedAddress.shopper_id == shopper_id)
