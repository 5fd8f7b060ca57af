"""The audit log as the rows of a file: who did what and to which thing, and how many rows that touched."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.shared.audit.models import AuditChange
from domain.shared.audit.queries import SORTINGS, entries_of, read_log_filter
from domain.shared.exports import Sheet, SheetPage, Words, key_of
from domain.shared.lists import page_of


def _log(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    """Write down deeds; what the rows held stays in the log, as no file of it can be called back."""
    found = read_log_filter(wanted)
    statement = entries_of(found.search(wanted.get("timezone", "UTC")))
    entries = session.scalars(page_of(statement, SORTINGS[found.sort], after=key_of(after), limit=limit)).all()
    shown = entries[:limit]
    counts = (
        select(AuditChange.entry_id, func.count())
        .where(AuditChange.entry_id.in_([entry.id for entry in shown]))
        .group_by(AuditChange.entry_id)
    )
    touched = {row[0]: row[1] for row in session.execute(counts)}
    rows = [
        (
            one.created_at.isoformat(timespec="seconds"), one.staff_name, one.area, one.action, one.resource,
            one.detail, touched.get(one.id, 0), one.address, one.request_id,
        )
        for one in shown
    ]  # fmt: skip
    return SheetPage(rows, str(shown[-1].id) if len(entries) > limit else None)


LOG = Sheet(("When", "Who", "Where", "What", "Which", "How much", "Rows changed", "From", "Request"), _log)
