"""Giving a code to a cart and taking it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.cart.commands import keep_code
from domain.orders.queries.summary import Summary, checkout_summary
from domain.promotions.errors import CodeRefused
from domain.promotions.kinds import normal_code


def enter_code(
    session: Session, *, cart_id: UUID, code: str, currency: str, country: str, locale: str, now: datetime
) -> Summary:
    """Put a code in a cart in place of any other; raises CodeRefused, and then the caller's rollback keeps the other.

    A code that another cart would make good stays and waits: the summary says what is missing.
    """
    wanted = normal_code(code)
    if not wanted:
        raise CodeRefused("Enter a code, as it stands in your mail or on your voucher.")
    keep_code(session, cart_id=cart_id, code=wanted)
    summary = checkout_summary(session, cart_id, currency=currency, country=country, locale=locale, now=now)
    if summary.code_refusal is not None and not summary.code_refusal.curable:
        raise CodeRefused(summary.code_problem or "")
    return summary


def remove_code(session: Session, *, cart_id: UUID) -> None:
    """Take the code out of a cart; without one nothing changes."""
    keep_code(session, cart_id=cart_id, code=None)
