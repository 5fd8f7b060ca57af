"""wishlists"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply the change."""
    op.execute("CREATE SCHEMA IF NOT EXISTS wishlist")
    op.create_table(
        "lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shopper_id", sa.Uuid(), nullable=True),
        sa.Column("share_token", sa.String(length=40), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_lists_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("shopper_id", name=op.f("uq_lists_shopper_id")),
        sa.UniqueConstraint("share_token", name=op.f("uq_lists_share_token")),
        schema="wishlist",
    )
    op.create_index(op.f("ix_lists_updated_at"), "lists", ["updated_at"], unique=False, schema="wishlist")
    op.create_table(
        "wishes",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["wishlist.lists.id"], name=op.f("fk_wishes_list_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["catalog.variants.id"], name=op.f("fk_wishes_variant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "variant_id", name=op.f("pk_wishes")),
        schema="wishlist",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("wishes", schema="wishlist")
    op.drop_table("lists", schema="wishlist")
