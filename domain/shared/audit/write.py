"""Opening an entry: from then on the database itself notes every row that the transaction touches."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import String, cast, func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.shared.audit.models import AuditEntry
from domain.shared.db import utcnow


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Who does what to which thing, and from where; `detail` says how much, where no row tells it."""

    staff_id: UUID | None
    staff_name: str
    area: str
    action: str
    resource: str = ""
    address: str = ""
    request_id: str = ""
    detail: str = ""


def begin_audit(session: Session, deed: Deed) -> None:
    """Open an entry for the rest of this transaction; it stays if, and only if, the transaction does. One statement."""
    values = {name: value[: _WIDTHS[name]] if name in _WIDTHS else value for name, value in asdict(deed).items()}
    entry = insert(AuditEntry).values(id=uuid7(), created_at=utcnow(), **values).returning(AuditEntry.id).cte("entry")
    session.execute(select(func.set_config("shop.audit_entry", cast(entry.c.id, String), True)))


def leave_rows_out(session: Session) -> None:
    """Keep the entry, but note no row that the rest of this transaction touches: what the log has it never forgets."""
    session.execute(select(func.set_config("shop.audit_entry", "", True)))


_WIDTHS = {"staff_name": 200, "area": 40, "action": 100, "resource": 200, "address": 60, "request_id": 40,
           "detail": 200}  # fmt: skip
