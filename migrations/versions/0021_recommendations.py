"""recommendations"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Apply the change."""
    op.execute("CREATE SCHEMA IF NOT EXISTS recommendations")
    op.create_table(
        "neighbours",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("others", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("scores", postgresql.ARRAY(sa.REAL()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["catalog.products.id"], name=op.f("fk_neighbours_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "kind", name=op.f("pk_neighbours")),
        schema="recommendations",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("neighbours", schema="recommendations")
