"""reviews"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

INDEXES = (
    ("uq_reviews_email", ["product_id", "email"], True, None),
    ("uq_reviews_shopper", ["product_id", "shopper_id"], True, "shopper_id IS NOT NULL"),
    ("ix_reviews_shopper_id", ["shopper_id"], False, "shopper_id IS NOT NULL"),
    ("ix_reviews_order_id", ["order_id"], False, "order_id IS NOT NULL"),
    ("ix_reviews_state_written_at", ["state", "written_at", "id"], False, None),
)


def upgrade() -> None:
    """Apply the change."""
    op.execute("CREATE SCHEMA IF NOT EXISTS reviews")
    op.create_table(
        "ratings",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("average", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("counts", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["catalog.products.id"], name=op.f("fk_ratings_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_ratings")),
        schema="catalog",
    )
    op.create_table(
        "reviews",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("shopper_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("reply", sa.String(length=1000), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_reviews_stars")),
        sa.CheckConstraint("state IN ('pending', 'published', 'refused')", name=op.f("ck_reviews_state")),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name=op.f("ck_reviews_refused_with_reason")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.orders.id"], name=op.f("fk_reviews_order_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["catalog.products.id"], name=op.f("fk_reviews_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_reviews_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        schema="reviews",
    )
    for name, columns, unique, condition in INDEXES:
        op.create_index(
            name,
            "reviews",
            columns,
            unique=unique,
            schema="reviews",
            postgresql_where=sa.text(condition) if condition else None,
        )
    op.create_table(
        "votes",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("shopper_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.reviews.id"], name=op.f("fk_votes_review_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_votes_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "shopper_id", name=op.f("pk_votes")),
        schema="reviews",
    )
    op.create_index(op.f("ix_votes_shopper_id"), "votes", ["shopper_id"], unique=False, schema="reviews")
    op.add_column("listings", sa.Column("reviews", sa.Integer(), server_default="0", nullable=False), schema="catalog")
    for table, keys in (("reviews", "'id'"), ("votes", "'review_id', 'shopper_id'")):
        op.execute(
            f"CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON reviews.{table} FOR EACH ROW"
            f" WHEN (current_setting('shop.audit_entry', true) <> '') EXECUTE FUNCTION shared.keep_change({keys})"
        )
    op.execute("SELECT shared.watch_tables()")
    # Roles that a shop has not changed may do with reviews what the code says.
    op.execute(
        "UPDATE users.roles SET permissions = permissions || '{reviews:read,reviews:write}'::varchar[]"
        " WHERE name IN ('manager', 'catalogue', 'support') AND changed_at IS NULL"
        " AND NOT 'reviews:read' = ANY(permissions)"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("listings", "reviews", schema="catalog")
    op.drop_table("votes", schema="reviews")
    op.drop_table("reviews", schema="reviews")
    op.drop_table("ratings", schema="catalog")
