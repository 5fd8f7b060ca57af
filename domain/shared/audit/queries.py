"""Reading the audit log: the newest first, by who, what, which and when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.shared.audit.models import AuditChange, AuditEntry

MOST_CHANGES = 500
"""How many changed rows one page shows at most; a deed can touch thousands."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; what is None or empty is left open."""

    staff_id: UUID | None = None
    area: str = ""
    resource: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ChangeView:
    """One row before and after; only what differs, or all of a row that was made or removed."""

    table: str
    key: str
    verb: str
    values: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class EntryView:
    """One deed with the rows that it touched."""

    id: UUID
    at: datetime
    staff_name: str
    area: str
    action: str
    resource: str
    address: str
    request_id: str
    changes: tuple[ChangeView, ...]
    detail: str


@dataclass(frozen=True)
class EntryPage:
    """A page of entries, and after which one the next page starts."""

    rows: tuple[EntryView, ...]
    after: UUID | None


def audit_log(session: Session, search: Search, *, after: UUID | None = None, limit: int = 50) -> EntryPage:
    """Return entries with their changes, the newest first; two statements at any size, each by an index."""
    found = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit + 1)
    if search.staff_id:
        found = found.where(AuditEntry.staff_id == search.staff_id)
    if search.area:
        found = found.where(AuditEntry.area == search.area)
    if search.resource:
        touching = select(AuditChange.entry_id).where(AuditChange.row_key == search.resource)
        found = found.where(or_(AuditEntry.resource == search.resource, AuditEntry.id.in_(touching)))
    if search.since:
        found = found.where(AuditEntry.created_at >= search.since)
    if search.until:
        found = found.where(AuditEntry.created_at < search.until)
    if after:
        found = found.where(AuditEntry.id < after)
    entries = session.scalars(found).all()
    shown = entries[:limit]
    changes = _changes(session, [entry.id for entry in shown])
    rows = tuple(
        EntryView(
            entry.id, entry.created_at, entry.staff_name, entry.area, entry.action, entry.resource, entry.address,
            entry.request_id, tuple(changes[entry.id]), entry.detail,
        )
        for entry in shown
    )  # fmt: skip
    return EntryPage(rows, shown[-1].id if len(entries) > limit else None)


def _changes(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, list[ChangeView]]:
    found: dict[UUID, list[ChangeView]] = defaultdict(list)
    if not entry_ids:
        return found
    statement = (
        select(AuditChange)
        .where(AuditChange.entry_id.in_(entry_ids))
        .order_by(AuditChange.entry_id.desc(), AuditChange.id)
        .limit(MOST_CHANGES)
    )
    for change in session.scalars(statement):
        before, after = change.before or {}, change.after or {}
        verb = "made" if change.before is None else "removed" if change.after is None else "changed"
        names = [name for name in {**before, **after} if before.get(name) is not None or after.get(name) is not None]
        values = tuple((name, before.get(name), after.get(name)) for name in names)
        found[change.entry_id].append(ChangeView(change.table_name, change.row_key, verb, values))
    return found
