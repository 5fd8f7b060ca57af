"""Reading the audit log: the newest first, by who, what, which and when."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, null, or_, select, union
from sqlalchemy.orm import Session

from domain.shared.audit.models import AuditChange, AuditEntry
from domain.shared.lists import Filter, Sorting, day_of, id_of, known, midnight, page_of
from domain.shared.outbox import id_at

APART = timedelta(hours=1)
"""No entry's id is made so long before or after the moment that is written beside it, even if a clock is set."""
_FIRST_YEAR = 1970
ANY_YEAR = range(MINYEAR, MAXYEAR + 1)
MOST_CHANGES = 500
"""How many changed rows one page shows at most; a deed can touch thousands."""

SORTINGS = {
    "": Sorting("Newest first", (AuditEntry.id,), falls=True),
    "oldest": Sorting("Oldest first", (AuditEntry.id,)),
}
SORTS = {name: sorting.label for name, sorting in SORTINGS.items()}


@dataclass(frozen=True)
class Parts:
    """Rows of one table that belong to a thing."""

    table: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; what is None or empty is left open.

    With `parts`, deeds on these rows belong to the resource as well, and of a deed on many things only what it did to
    this one is shown.
    """

    staff_id: UUID | None = None
    area: str = ""
    resource: str = ""
    parts: Parts | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LogFilter(Filter):
    """What somebody looks for in the log; days are whole ones, in the shop's own time zone."""

    who: UUID | None = None
    area: str = ""
    resource: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""

    def search(self, timezone: str) -> Search:
        """Return what that means in the log."""
        return Search(
            staff_id=self.who,
            area=self.area,
            resource=self.resource,
            since=midnight(self.since, timezone),
            until=midnight(self.until, timezone, days=1),
        )


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


def read_log_filter(words: Mapping[str, str]) -> LogFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return LogFilter(
        who=id_of(words.get("who")),
        area=words.get("area", "").strip()[:40],
        resource=words.get("resource", "").strip()[:200],
        since=day_of(words.get("since"), years=ANY_YEAR),
        until=day_of(words.get("until"), years=ANY_YEAR),
        sort=known(words.get("sort"), SORTS),
    )


def entries_of(search: Search) -> Select[AuditEntry]:
    """Return which entries are looked for."""
    found = select(AuditEntry)
    if search.staff_id:
        found = found.where(AuditEntry.staff_id == search.staff_id)
    if search.area:
        found = found.where(AuditEntry.area == search.area)
    if search.resource:
        # Two look-ups: for either of both in one condition PostgreSQL reads the whole log.
        named = select(AuditEntry.id).where(AuditEntry.resource.in_(_resources(search)))
        touching = select(AuditChange.entry_id).where(_rows(search))
        found = found.where(AuditEntry.id.in_(union(named, touching)))
    # Ids begin with their moment: by them the days are one stretch of the log's own order, found without reading on.
    if search.since:
        found = found.where(AuditEntry.created_at >= search.since, AuditEntry.id >= _id_around(search.since, -APART))
    if search.until:
        found = found.where(AuditEntry.created_at < search.until, AuditEntry.id < _id_around(search.until, APART))
    return found


def audit_log(
    session: Session, search: Search, *, sort: str = "", after: UUID | None = None, limit: int = 50
) -> EntryPage:
    """Return entries with their changes, usually the newest first; two statements at any size, each by an index."""
    entries = session.scalars(page_of(entries_of(search), SORTINGS[sort], after=after, limit=limit)).all()
    shown = entries[:limit]
    own = _resources(search)
    changes = _changes(
        session,
        [entry.id for entry in shown if not search.parts or entry.resource in own],
        and_(AuditChange.entry_id.in_([entry.id for entry in shown]), _rows(search)) if search.parts else false(),
    )
    rows = tuple(
        EntryView(
            entry.id, entry.created_at, entry.staff_name, entry.area, entry.action, entry.resource, entry.address,
            entry.request_id, tuple(changes[entry.id]), entry.detail,
        )
        for entry in shown
    )  # fmt: skip
    return EntryPage(rows, shown[-1].id if len(entries) > limit else None)


def who_did(session: Session, resource: str, actions: Sequence[str]) -> tuple[UUID | None, str] | None:
    """Return who last did one of these things to a resource, by id and name; None if nobody did. One statement."""
    found = session.execute(
        select(AuditEntry.staff_id, AuditEntry.staff_name)
        .where(AuditEntry.resource == resource, AuditEntry.action.in_(actions))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return (found.staff_id, found.staff_name) if found else None


def _id_around(moment: datetime, apart: timedelta) -> UUID:
    """Return the id of a moment so far from one; whatever lies before the first of all ids is the first."""
    return id_at(moment + apart) if moment.year > _FIRST_YEAR else UUID(int=0)


def removed_keys(session: Session, table: str, *, column: str, value: str) -> tuple[str, ...]:
    """Return the keys of the rows that staff removed from a table, of those that had this value in a column."""
    gone = select(AuditChange.row_key).where(
        AuditChange.table_name == _literal(table),
        AuditChange.after.is_(null()),
        AuditChange.before.op("->>")(_literal(column)) == value,
    )
    return tuple(session.scalars(gone))


def _rows(search: Search) -> ColumnElement[bool]:
    """Say whether a changed row is one of those that are looked for."""
    itself = AuditChange.row_key == search.resource
    if not search.parts:
        return itself
    table, keys = search.parts.table, search.parts.keys
    return or_(itself, and_(AuditChange.table_name == _literal(table), AuditChange.row_key.in_(keys)))


def _resources(search: Search) -> tuple[str, ...]:
    """Return what a deed on the thing itself, or on the page of one of its parts, has as its resource."""
    parts = search.parts.keys if search.parts else ()
    return search.resource, *(f"{search.resource} {key}" for key in parts)


def _literal(word: str) -> BindParameter[str]:
    """Write a word into the statement: an index of some rows only is used where its condition is seen."""
    return bindparam(None, word, literal_execute=True)


def _changes(session: Session, entry_ids: Sequence[UUID], further: ColumnElement[bool]) -> dict[UUID, list[ChangeView]]:
    """Return all changes of some entries and the `further` ones, by entry."""
    found: dict[UUID, list[ChangeView]] = defaultdict(list)
    statement = (
        select(AuditChange)
        .where(or_(AuditChange.entry_id.in_(entry_ids), further))
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
