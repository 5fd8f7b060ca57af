"""The audit log: who of the staff did what, to which rows, from where and when. It only ever grows."""

from domain.shared.audit.models import AuditChange, AuditEntry
from domain.shared.audit.queries import (
    ChangeView,
    EntryPage,
    EntryView,
    Parts,
    Search,
    audit_log,
    removed_keys,
    who_did,
)
from domain.shared.audit.write import Deed, begin_audit, leave_rows_out

__all__ = [
    "AuditChange",
    "AuditEntry",
    "ChangeView",
    "Deed",
    "EntryPage",
    "EntryView",
    "Parts",
    "Search",
    "audit_log",
    "begin_audit",
    "leave_rows_out",
    "removed_keys",
    "who_did",
]
