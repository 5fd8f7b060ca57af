"""tags of orders, notes on customers and files to take along"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"

MASKED = """
    CREATE OR REPLACE FUNCTION shared.masked(place text, name text, value jsonb)
    RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
            WHEN value = 'null' THEN value
            WHEN name ~ '(hash|password|secret|token|recovery|_key$)' THEN '"(hidden)"'
            WHEN place LIKE 'users.staff%' THEN value
            WHEN place = 'users.shoppers' AND name IN ('name', 'staff_note') THEN '"(hidden)"'
            WHEN place = 'orders.timeline' AND name = 'note' THEN '"(hidden)"'
            WHEN name IN ('email', 'phone', 'address', 'shipping_address', 'billing_address', 'recipient', 'context')
                THEN '"(hidden)"'
            ELSE value
        END
    $$
    """
"""The log never loses what is in it, and so must not hold what customers may have deleted."""


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "orders",
        sa.Column("tags", postgresql.ARRAY(sa.String(length=40)), server_default="{}", nullable=False),
        schema="orders",
    )
    op.add_column(
        "shoppers",
        sa.Column("staff_note", sa.String(length=2000), server_default="", nullable=False),
        schema="users",
    )
    op.create_table(
        "exports",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        schema="orders",
    )
    op.create_index("ix_exports_created_at", "exports", ["created_at"], unique=False, schema="orders")
    op.create_table(
        "export_parts",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["orders.exports.id"], name=op.f("fk_export_parts_export_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "position", name=op.f("pk_export_parts")),
        schema="orders",
    )
    op.execute(MASKED)
    op.execute("SELECT shared.watch_tables()")


def downgrade() -> None:
    """Take the change back."""
    timeline = next(line for line in MASKED.splitlines() if "orders.timeline" in line)
    op.execute(MASKED.replace("name IN ('name', 'staff_note')", "name = 'name'").replace(timeline, ""))
    op.drop_table("export_parts", schema="orders")
    op.drop_table("exports", schema="orders")
    op.drop_column("shoppers", "staff_note", schema="users")
    op.drop_column("orders", "tags", schema="orders")
