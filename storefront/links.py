"""The links that shoppers are sent by mail, taken up again on a page or by an app."""

from datetime import UTC, datetime
from uuid import UUID

from domain.users.links import read
from domain.users.queries import LinkView, open_link
from web.db import session
from web.settings import shop_settings

LONGEST = 24 * 3600
"""Seconds after which no link works; its row may say less."""


def mailed_link(token: str, purpose: str) -> LinkView | None:
    """Return the link that a token is of; None if it is not ours, not for this, used, or too old."""
    subject = read(shop_settings().secret_key.get_secret_value(), token, purpose=purpose, max_age=LONGEST)
    return open_link(session(), UUID(subject), purpose=purpose, now=datetime.now(UTC)) if subject else None
