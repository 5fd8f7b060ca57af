"""Messages and stopped addresses as the rows of a file."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.notifications.log import message_log, read_message_filter
from domain.notifications.suppression import REASONS, SORTINGS, read_suppression_filter, suppressed
from domain.shared.exports import Sheet, SheetPage, Words, key_of
from domain.shared.lists import Place


def _messages(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    page = message_log(session, after=key_of(after), limit=limit, **vars(read_message_filter(wanted)))
    rows = [
        (
            one.title, one.subject, one.channel, one.recipient, one.state_label, _moment(one.created_at),
            _moment(one.sent_at), one.attempts, one.error,
        )
        for one in page.rows
    ]  # fmt: skip
    return SheetPage(rows, str(page.after) if page.after else None)


def _suppressions(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    found = read_suppression_filter(wanted)
    page = suppressed(session, after=Place.read(after) or after, limit=limit, **vars(found))
    rows = [
        (
            one.email, _moment(one.created_at), REASONS[one.reason], one.detail, _moment(one.lifted_at),
            one.lifted_because,
        )
        for one in page.rows
    ]  # fmt: skip
    return SheetPage.of(session, rows, SORTINGS[found.sort], page.after)


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


MESSAGES = Sheet(("Message", "Subject", "By", "To", "State", "Written", "Sent", "Tries", "Error"), _messages)
SUPPRESSIONS = Sheet(("Address", "Since", "Why", "Detail", "Lifted", "Lifted because"), _suppressions)
