"""The audit log: who of the staff did what, to which rows, from where and when. It only ever grows."""

from domain.shared.audit.models import AuditChange, AuditEntry
from domain.shared.audit.queries import (
    SORTS,
    ChangeView,
    EntryPage,
    EntryView,
    LogFilter,
    Parts,
    Search,
    audit_log,
    read_log_filter,
    removed_keys,
    who_did,
)
from domain.shared.audit.write import Deed, begin_audit, leave_rows_out

__all__ = [
    "SORTS",
    "AuditChange",
    "AuditEntry",
    "ChangeView",
    "Deed",
    "EntryPage",
    "EntryView",
    "LogFilter",
    "Parts",
    "Search",
    "audit_log",
    "begin_audit",
    "leave_rows_out",
    "read_log_filter",
    "removed_keys",
    "who_did",
]
