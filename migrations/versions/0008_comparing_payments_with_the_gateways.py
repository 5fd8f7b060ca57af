"""comparing payments with the gateways"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("payments", sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True), schema="payments")
    op.add_column("payments", sa.Column("difference", sa.String(length=300), nullable=True), schema="payments")
    op.create_index(
        "ix_payments_to_compare",
        "payments",
        ["compared_at"],
        unique=False,
        schema="payments",
        postgresql_where=sa.text("state NOT IN ('created','pending','unknown','authorised')"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "ix_payments_to_compare",
        table_name="payments",
        schema="payments",
        postgresql_where=sa.text("state NOT IN ('created','pending','unknown','authorised')"),
    )
    op.drop_column("payments", "difference", schema="payments")
    op.drop_column("payments", "compared_at", schema="payments")
