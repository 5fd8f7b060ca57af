"""who waits for what is sold out"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "stock_waits",
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["catalog.variants.id"], name=op.f("fk_stock_waits_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_waits")),
        schema="notifications",
    )
    op.create_index(
        "uq_stock_waits_open",
        "stock_waits",
        ["variant_id", "email"],
        unique=True,
        schema="notifications",
        postgresql_where=sa.text("told_at IS NULL"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "uq_stock_waits_open",
        table_name="stock_waits",
        schema="notifications",
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.drop_table("stock_waits", schema="notifications")
