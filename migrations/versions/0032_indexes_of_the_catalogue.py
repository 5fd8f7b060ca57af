"""indexes of the catalogue"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0032"
down_revision = "0031"

GIN = {"postgresql_using": "gin"}
INDEXES = (
    ("ix_products_type_id", "products", ["type_id"], {}),
    ("ix_products_title", "products", ["title", "id"], {}),
    ("ix_products_title_parts", "products", [sa.text("title gin_trgm_ops")], GIN),
    ("ix_variants_sku_parts", "variants", [sa.text("sku gin_trgm_ops")], GIN),
    (
        "ix_variants_price_turns_at",
        "variants",
        ["price_turns_at"],
        {"postgresql_where": sa.text("price_turns_at IS NOT NULL")},
    ),
    ("ix_listings_traits", "listings", ["traits"], GIN),
    ("ix_listings_rating", "listings", ["rating", "product_id"], {}),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for name, table, columns, options in INDEXES:
            make(name, table, columns, schema="catalog", **options)
        drop("ix_listings_search_title", "listings", schema="catalog")


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        make(
            "ix_listings_search_title",
            "listings",
            [sa.text("search_title gin_trgm_ops")],
            schema="catalog",
            **GIN,
        )
        for name, table, _, _ in INDEXES:
            drop(name, table, schema="catalog")
