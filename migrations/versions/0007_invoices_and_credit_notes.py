"""invoices and credit notes"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "paper_counters",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_paper_counters")),
        schema="orders",
    )
    op.create_table(
        "papers",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name=op.f("ck_papers_refund")),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_papers_kind")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.orders.id"], name=op.f("fk_papers_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        schema="orders",
    )
    op.create_index(op.f("ix_papers_order_id"), "papers", ["order_id"], unique=False, schema="orders")
    op.create_index(
        "uq_papers_credit_note",
        "papers",
        ["refund_id"],
        unique=True,
        schema="orders",
        postgresql_where=sa.text("kind = 'credit_note'"),
    )
    op.create_index(
        "uq_papers_invoice",
        "papers",
        ["order_id"],
        unique=True,
        schema="orders",
        postgresql_where=sa.text("kind = 'invoice'"),
    )
    op.create_index("uq_papers_kind_number", "papers", ["kind", "number"], unique=True, schema="orders")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("uq_papers_kind_number", table_name="papers", schema="orders")
    op.drop_index(
        "uq_papers_invoice", table_name="papers", schema="orders", postgresql_where=sa.text("kind = 'invoice'")
    )
    op.drop_index(
        "uq_papers_credit_note", table_name="papers", schema="orders", postgresql_where=sa.text("kind = 'credit_note'")
    )
    op.drop_index(op.f("ix_papers_order_id"), table_name="papers", schema="orders")
    op.drop_table("papers", schema="orders")
    op.drop_table("paper_counters", schema="orders")
