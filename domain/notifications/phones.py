"""Telephone numbers for text messages: only those whose owner typed back the code that was sent to them."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import phonenumbers
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.models import SMS, Phone
from domain.shared.errors import RuleBroken

CODE_HOLDS = timedelta(minutes=10)
TRIES = 5


class BadPhone(RuleBroken):
    """This is no telephone number that can get a text message."""

    def __init__(self) -> None:
        super().__init__("Enter a mobile number with its country code, like +353 85 123 4567.")


@dataclass(frozen=True)
class PhoneView:
    """A shopper's number and whether it is verified."""

    number: str
    verified: bool


def normal_phone(text: str, country: str) -> str:
    """Return a mobile number as +353851234567; raises BadPhone. `country` is where a number without a code lies."""
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise BadPhone from None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in mobile:
        raise BadPhone
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def ask_for_code(session: Session, *, shopper_id: UUID, number: str, country: str, now: datetime) -> None:
    """Send a code of six digits to a number that a shopper gives; raises BadPhone, and RuleBroken within a minute."""
    normal = normal_phone(number, country)
    before = session.get(Phone, shopper_id, with_for_update=True)
    if before is not None and before.code_expires_at - CODE_HOLDS > now - timedelta(minutes=1):
        raise RuleBroken("We sent a code a moment ago. Please wait a minute before you ask for another.")
    code = f"{secrets.randbelow(10**6):06}"
    values = {
        "number": normal, "code_hash": _hash(shopper_id, code), "code_expires_at": now + CODE_HOLDS, "tries": 0,
        "verified_at": None,
    }  # fmt: skip
    session.execute(
        insert(Phone)
        .values(shopper_id=shopper_id, **values)
        .on_conflict_do_update(index_elements=["shopper_id"], set_=values)
    )
    queue_message(
        session, template="phone_code", channel=SMS, recipient=normal, subject_key=f"{shopper_id} {now.isoformat()}",
        context={"code": code},
    )  # fmt: skip


def verify(session: Session, *, shopper_id: UUID, code: str, now: datetime) -> bool:
    """Take a code back and say whether it was right; after five wrong ones only a new code helps."""
    phone = session.get(Phone, shopper_id, with_for_update=True, populate_existing=True)
    if phone is None or phone.tries >= TRIES or now > phone.code_expires_at:
        return False
    phone.tries += 1
    if not hmac.compare_digest(phone.code_hash, _hash(shopper_id, code.strip())):
        return False
    phone.verified_at = now
    return True


def forget_phone(session: Session, *, shopper_id: UUID) -> None:
    """Take a shopper's number away; no more text messages go to it."""
    session.execute(delete(Phone).where(Phone.shopper_id == shopper_id))


def phone_of(session: Session, shopper_id: UUID) -> PhoneView | None:
    """Return a shopper's number, if one was given."""
    row = session.execute(select(Phone.number, Phone.verified_at).where(Phone.shopper_id == shopper_id)).one_or_none()
    return PhoneView(row.number, row.verified_at is not None) if row else None


def verified_number(session: Session, shopper_id: UUID) -> str | None:
    """Return the number that text messages to a shopper go to, or None."""
    return session.scalar(select(Phone.number).where(Phone.shopper_id == shopper_id, Phone.verified_at.is_not(None)))


def _hash(shopper_id: UUID, code: str) -> str:
    return sha256(f"{shopper_id} {code}".encode()).hexdigest()
