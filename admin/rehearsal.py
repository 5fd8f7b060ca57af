"""Showing what a change of promotions, delivery or tax would do before it is saved; nothing of it stays."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import g, request
from sqlalchemy.orm import Session

from domain.orders.rehearsal import Rehearsal, Where, average_change, rehearse
from domain.shared.db import utcnow
from web.db import sessions
from web.settings import shop_settings

T = TypeVar("T")


def wanted() -> bool:
    """Whether the form was sent to be tried, not to be saved."""
    return request.form.get("do") == "try"


def tried(
    change: Callable[[Session], T], *, country: str = "", code: str | None = None, at: datetime | None = None
) -> tuple[T, Rehearsal]:
    """Try a change on the last carts; those without an address as if they went to `country`, or to the shop's own.

    `at` is the moment it is tried for, if that is still to come.
    """
    settings = shop_settings()
    now = max(at, utcnow()) if at else utcnow()
    where = Where(
        currency=settings.currency,
        country=country or settings.country,
        locale=settings.locale,
        tax_included=settings.prices_include_tax,
        now=now.astimezone(ZoneInfo(settings.timezone)),
    )
    g.noted = True  # nothing is changed, so there is nothing to write down
    with sessions()() as session:
        return rehearse(session, change, where=where, code=code)


def told(found: Rehearsal | None) -> dict[str, object]:
    """Return what a template says of it: which carts would cost something else, and how much on average."""
    average = average_change(found.changed, shop_settings().currency) if found else None
    return {"tried": found, "average": average}
