"""Promotions, their codes, and who has used them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "promotions",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("buy", sa.Integer(), nullable=False),
        sa.Column("get", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("category_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("product_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("min_quantity", sa.Integer(), nullable=False),
        sa.Column("min_subtotal", sa.BigInteger(), nullable=False),
        sa.Column("first_order", sa.Boolean(), nullable=False),
        sa.Column("limit_total", sa.Integer(), nullable=True),
        sa.Column("limit_per_customer", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE kind WHEN 'percent' THEN basis_points BETWEEN 1 AND 10000 WHEN 'amount' THEN amount > 0 "
            "WHEN 'buy_get' THEN buy > 0 AND get > 0 ELSE true END",
            name=op.f("ck_promotions_size"),
        ),
        sa.CheckConstraint(
            "kind IN ('percent', 'amount', 'free_delivery', 'buy_get')", name=op.f("ck_promotions_kind")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_promotions_dates")),
        sa.CheckConstraint("limit_total > 0 AND limit_per_customer > 0", name=op.f("ck_promotions_limits")),
        sa.CheckConstraint("min_quantity >= 0 AND min_subtotal >= 0", name=op.f("ck_promotions_conditions")),
        sa.CheckConstraint("used >= 0 AND used <= coalesce(limit_total, used)", name=op.f("ck_promotions_used")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        schema="promotions",
    )
    op.create_index(
        "ix_promotions_automatic",
        "promotions",
        ["priority"],
        unique=False,
        schema="promotions",
        postgresql_where=sa.text("automatic AND active"),
    )
    op.create_table(
        "codes",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code = upper(code) AND code !~ '\\s' AND code <> ''", name=op.f("ck_codes_code")),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotions.promotions.id"], name=op.f("fk_codes_promotion_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_codes_code")),
        schema="promotions",
    )
    op.create_index(op.f("ix_codes_promotion_id"), "codes", ["promotion_id"], unique=False, schema="promotions")
    op.create_table(
        "redemptions",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("customer", sa.String(length=254), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotions.promotions.id"], name=op.f("fk_redemptions_promotion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("order_id", "promotion_id", name=op.f("uq_redemptions_order_id_promotion_id")),
        schema="promotions",
    )
    op.create_index(op.f("ix_redemptions_customer"), "redemptions", ["customer"], unique=False, schema="promotions")
    op.create_index(
        "ix_redemptions_promotion_id_created_at",
        "redemptions",
        ["promotion_id", sa.literal_column("created_at DESC")],
        unique=False,
        schema="promotions",
    )
    op.create_table(
        "usages",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("customer", sa.String(length=254), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_usages_used")),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotions.promotions.id"], name=op.f("fk_usages_promotion_id")),
        sa.PrimaryKeyConstraint("promotion_id", "customer", name=op.f("pk_usages")),
        schema="promotions",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("usages", schema="promotions")
    op.drop_index("ix_redemptions_promotion_id_created_at", table_name="redemptions", schema="promotions")
    op.drop_index(op.f("ix_redemptions_customer"), table_name="redemptions", schema="promotions")
    op.drop_table("redemptions", schema="promotions")
    op.drop_index(op.f("ix_codes_promotion_id"), table_name="codes", schema="promotions")
    op.drop_table("codes", schema="promotions")
    op.drop_index(
        "ix_promotions_automatic",
        table_name="promotions",
        schema="promotions",
        postgresql_where=sa.text("automatic AND active"),
    )
    op.drop_table("promotions", schema="promotions")
