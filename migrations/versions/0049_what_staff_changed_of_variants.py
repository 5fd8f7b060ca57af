"""what staff changed of variants"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0049"
down_revision = "0048"

VARIANTS = "table_name = 'catalog.variants'"
INDEXES = (
    ("ix_audit_changes_variants", ["row_key", "entry_id"], VARIANTS),
    ("ix_audit_changes_removed_variants", [sa.text("(before ->> 'product_id')")], f"{VARIANTS} AND after IS NULL"),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for name, columns, where in INDEXES:
            make(name, "audit_changes", columns, schema="shared", postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        for name, _, _ in INDEXES:
            drop(name, "audit_changes", schema="shared")
