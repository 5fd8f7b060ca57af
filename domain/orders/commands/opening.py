"""Opening a shop that was being set up, and what its owner leaves for later."""

from sqlalchemy.orm import Session

from domain.orders.errors import NotReady
from domain.orders.queries.readiness import readiness
from domain.shared.preferences import (
    CLOSED,
    CLOSED_MESSAGE,
    OPENED,
    PUT_AWAY,
    SKIPPED,
    BadPreferences,
    keep,
    preferences,
)
from domain.shared.settings import Settings

LONGEST_MESSAGE = 300


def open_shop(session: Session, *, settings: Settings) -> None:
    """Let shoppers in from now on; raises NotReady, which names what is missing."""
    present = preferences(session)
    if present.open:
        return
    missing = readiness(session, present, settings).missing
    if present.closed:
        # Whoever closes a shop has seen how it is paid: what moves no money was meant.
        missing = tuple(step for step in missing if step != "payment")
    if missing:
        raise NotReady(missing)
    keep(session, {OPENED: "yes"})


def close_shop(session: Session, *, message: str) -> None:
    """Let no shopper in until the shop is opened again, and tell them why; raises BadPreferences.

    Orders that are placed go on: they can be seen, paid, cancelled and sent back.
    """
    words = " ".join(message.replace("\0", "").split())
    if not words:
        raise BadPreferences({"message": "Tell shoppers why, and when they may come back."})
    if len(words) > LONGEST_MESSAGE:
        raise BadPreferences({"message": f"Write at most {LONGEST_MESSAGE} letters."})
    present = preferences(session)
    if present.open or present.closed:
        keep(session, {OPENED: CLOSED, CLOSED_MESSAGE: words})


def skip_step(session: Session, step: str) -> None:
    """Leave a step for later."""
    skipped = preferences(session).skipped
    if step not in skipped:
        keep(session, {SKIPPED: ",".join(sorted({*skipped, step}))})


def put_steps_away(session: Session, *, away: bool) -> None:
    """Have the first page remind of the steps no longer, or again."""
    if preferences(session).put_away != away:
        keep(session, {PUT_AWAY: "yes" if away else ""})
