"""What staff did, and how each row was before and after."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity


class AuditEntry(Entity, kw_only=True):
    """One deed of one person, written in the transaction that carries it out; a trigger refuses to change it.

    Names are kept as they were: the entry outlives the account.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_staff_id", "staff_id", "id"),
        Index("ix_audit_entries_area", "area", "id"),
        Index("ix_audit_entries_resource", "resource", "id"),
        Index("ix_audit_entries_created_at", "created_at"),
        {"schema": "shared"},
    )

    staff_id: Mapped[UUID | None]
    staff_name: Mapped[str] = mapped_column(String(200))
    area: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(100))
    resource: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[str] = mapped_column(String(200), default="", server_default="")


class AuditChange(Base, kw_only=True):
    """One row that a deed made, changed or removed; the trigger `shared.keep_change` writes these, no code does."""

    __tablename__ = "audit_changes"
    __table_args__ = (
        Index("ix_audit_changes_row_key", "row_key", "entry_id"),
        # The history of a product is that of its variants too; a stock level has the key of its variant and changes
        # with every parcel.
        Index(
            "ix_audit_changes_variants",
            "row_key",
            "entry_id",
            postgresql_where=text("table_name = 'catalog.variants'"),
        ),
        Index(
            "ix_audit_changes_removed_variants",
            text("(before ->> 'product_id')"),
            postgresql_where=text("table_name = 'catalog.variants' AND after IS NULL"),
        ),
        {"schema": "shared"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("shared.audit_entries.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(100))
    row_key: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    after: Mapped[dict[str, Any] | None] = mapped_column(default=None)
