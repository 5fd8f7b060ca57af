"""addresses that brands once had"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "old_brand_slugs",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("brand_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["catalog.brands.id"], name=op.f("fk_old_brand_slugs_brand_id_brands"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_brand_slugs")),
        schema="catalog",
    )
    op.create_index(op.f("ix_old_brand_slugs_brand_id"), "old_brand_slugs", ["brand_id"], schema="catalog")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("old_brand_slugs", schema="catalog")
