"""what the reports count"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "order_facts",
        sa.Column("country", sa.String(length=2), server_default="", nullable=False),
        schema="analytics",
    )
    op.add_column("order_facts", sa.Column("code", sa.String(length=40), nullable=True), schema="analytics")
    op.create_table(
        "line_facts",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("category_path", sa.String(length=500), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("back", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["analytics.order_facts.order_id"],
            name=op.f("fk_line_facts_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_facts")),
        schema="analytics",
    )
    op.create_index(op.f("ix_line_facts_order_id"), "line_facts", ["order_id"], unique=False, schema="analytics")
    op.create_table(
        "cart_facts",
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("checkout_at", MOMENT, nullable=True),
        sa.Column("ordered_at", MOMENT, nullable=True),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("merged_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("cart_id", name=op.f("pk_cart_facts")),
        schema="analytics",
    )
    op.create_index(op.f("ix_cart_facts_opened_at"), "cart_facts", ["opened_at"], unique=False, schema="analytics")
    op.create_table(
        "account_facts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("verified_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_facts")),
        schema="analytics",
    )
    op.create_index(
        op.f("ix_account_facts_verified_at"), "account_facts", ["verified_at"], unique=False, schema="analytics"
    )
    op.create_table(
        "opinion_facts",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_opinion_facts_score")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_opinion_facts")),
        schema="analytics",
    )
    op.create_index(
        op.f("ix_opinion_facts_answered_at"), "opinion_facts", ["answered_at"], unique=False, schema="analytics"
    )
    op.create_table(
        "visit_salts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_visit_salts")),
        schema="analytics",
    )
    op.create_table(
        "visits",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("product", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "visitor", name=op.f("pk_visits")),
        schema="analytics",
    )
    op.create_table(
        "visit_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False),
        sa.Column("saw_product", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_visit_days")),
        schema="analytics",
    )
    op.create_table(
        "search_facts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "words", name=op.f("pk_search_facts")),
        schema="analytics",
    )


def downgrade() -> None:
    """Take the change back."""
    for table in (
        "search_facts", "visit_days", "visits", "visit_salts", "opinion_facts", "account_facts", "cart_facts",
        "line_facts",
    ):  # fmt: skip
        op.drop_table(table, schema="analytics")
    op.drop_column("order_facts", "code", schema="analytics")
    op.drop_column("order_facts", "country", schema="analytics")
