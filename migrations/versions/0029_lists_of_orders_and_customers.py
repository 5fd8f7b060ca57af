"""lists of orders and customers that stay quick, tags, notes and files to take along"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"

NEWEST = [sa.text("created_at DESC"), sa.text("id DESC")]
ORDERS = (
    ("ix_orders_country", [sa.text("(shipping_address ->> 'country')"), *NEWEST], {}),
    ("ix_orders_not_paid", NEWEST, {"postgresql_where": sa.text("paid_at IS NULL")}),
    ("ix_orders_total", [sa.text("total DESC"), sa.text("id DESC")], {}),
    ("ix_orders_tags", ["tags"], {"postgresql_using": "gin", "postgresql_where": sa.text("tags <> '{}'")}),
)  # fmt: skip
SHOPPERS = (
    ("ix_shoppers_created_at_id", NEWEST, {}),
    (
        "ix_shoppers_words",
        [sa.text("(email || ' ' || lower(name)) gin_trgm_ops")],
        {"postgresql_using": "gin"},
    ),
)

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
    with op.get_context().autocommit_block():
        for table, schema, indexes in (("orders", "orders", ORDERS), ("shoppers", "users", SHOPPERS)):
            for name, columns, options in indexes:
                op.create_index(name, table, columns, schema=schema, postgresql_concurrently=True, **options)


def downgrade() -> None:
    """Take the change back."""
    timeline = next(line for line in MASKED.splitlines() if "orders.timeline" in line)
    op.execute(MASKED.replace("name IN ('name', 'staff_note')", "name = 'name'").replace(timeline, ""))
    for name, _columns, _options in SHOPPERS:
        op.drop_index(name, table_name="shoppers", schema="users")
    for name, _columns, _options in ORDERS:
        op.drop_index(name, table_name="orders", schema="orders")
    op.drop_table("export_parts", schema="orders")
    op.drop_table("exports", schema="orders")
    op.drop_column("shoppers", "staff_note", schema="users")
    op.drop_column("orders", "tags", schema="orders")
