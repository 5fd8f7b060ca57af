"""Opening a shop that was being set up, and what its owner leaves for later."""

from sqlalchemy.orm import Session

from domain.orders.errors import NotReady
from domain.orders.queries.readiness import readiness
from domain.shared.preferences import OPENED, PUT_AWAY, SKIPPED, keep, preferences
from domain.shared.settings import Settings


def open_shop(session: Session, *, settings: Settings) -> None:
    """Let shoppers in from now on; raises NotReady, which names what is missing."""
    present = preferences(session)
    if present.open:
        return
    if missing := readiness(session, present, settings).missing:
        raise NotReady(missing)
    keep(session, {OPENED: "yes"})


def skip_step(session: Session, step: str) -> None:
    """Leave a step for later."""
    skipped = preferences(session).skipped
    if step not in skipped:
        keep(session, {SKIPPED: ",".join(sorted({*skipped, step}))})


def put_steps_away(session: Session, *, away: bool) -> None:
    """Have the first page remind of the steps no longer, or again."""
    if preferences(session).put_away != away:
        keep(session, {PUT_AWAY: "yes" if away else ""})
