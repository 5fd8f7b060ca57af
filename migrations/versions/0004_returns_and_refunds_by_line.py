"""returns, and refunds by line"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "returns",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('requested', 'approved', 'refused', 'received')", name=op.f("ck_returns_state")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.orders.id"], name=op.f("fk_returns_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        schema="orders",
    )
    op.create_index(
        "ix_returns_open",
        "returns",
        ["created_at"],
        unique=False,
        schema="orders",
        postgresql_where=sa.text("state IN ('requested', 'approved')"),
    )
    op.create_index(op.f("ix_returns_order_id"), "returns", ["order_id"], unique=False, schema="orders")
    op.create_table(
        "refund_parts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN line_id IS NULL THEN quantity = 0 ELSE quantity > 0 END", name=op.f("ck_refund_parts_quantity")
        ),
        sa.CheckConstraint("amount >= 0 AND tax BETWEEN 0 AND amount", name=op.f("ck_refund_parts_amount")),
        sa.ForeignKeyConstraint(["line_id"], ["orders.lines.id"], name=op.f("fk_refund_parts_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.orders.id"], name=op.f("fk_refund_parts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_parts")),
        schema="orders",
    )
    op.create_index(op.f("ix_refund_parts_order_id"), "refund_parts", ["order_id"], unique=False, schema="orders")
    op.create_index(op.f("ix_refund_parts_refund_id"), "refund_parts", ["refund_id"], unique=False, schema="orders")
    op.create_table(
        "return_lines",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("restocked", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_quantity")),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name=op.f("ck_return_lines_received")),
        sa.CheckConstraint("restocked BETWEEN 0 AND received", name=op.f("ck_return_lines_restocked")),
        sa.ForeignKeyConstraint(["line_id"], ["orders.lines.id"], name=op.f("fk_return_lines_line_id")),
        sa.ForeignKeyConstraint(["return_id"], ["orders.returns.id"], name=op.f("fk_return_lines_return_id")),
        sa.PrimaryKeyConstraint("return_id", "line_id", name=op.f("pk_return_lines")),
        schema="orders",
    )
    op.add_column("lines", sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False), schema="orders")
    op.create_check_constraint(
        op.f("ck_lines_withdrawn"), "lines", "withdrawn BETWEEN 0 AND quantity - shipped", schema="orders"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("lines", "withdrawn", schema="orders")
    op.drop_table("return_lines", schema="orders")
    op.drop_index(op.f("ix_refund_parts_refund_id"), table_name="refund_parts", schema="orders")
    op.drop_index(op.f("ix_refund_parts_order_id"), table_name="refund_parts", schema="orders")
    op.drop_table("refund_parts", schema="orders")
    op.drop_index(op.f("ix_returns_order_id"), table_name="returns", schema="orders")
    op.drop_index(
        "ix_returns_open",
        table_name="returns",
        schema="orders",
        postgresql_where=sa.text("state IN ('requested', 'approved')"),
    )
    op.drop_table("returns", schema="orders")
