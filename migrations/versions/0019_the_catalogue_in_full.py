"""product types, tags, sale windows, moves in the tree, collections, related products, pictures that wait"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

# What a variant costs at a moment, and what it cost before: the one place that says so. They are written into the
# statements that call them, so they cost no call.
FUNCTIONS = (
    """
    CREATE FUNCTION catalog.price_at(
        price integer, sale_price integer, starts_at timestamptz, ends_at timestamptz, at timestamptz
    ) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
            WHEN sale_price IS NOT NULL AND coalesce(starts_at <= at, true) AND coalesce(at < ends_at, true)
            THEN sale_price ELSE price END
    $$
    """,
    """
    CREATE FUNCTION catalog.former_at(
        price integer, compare_at integer, sale_price integer, starts_at timestamptz, ends_at timestamptz,
        at timestamptz
    ) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
            WHEN sale_price IS NOT NULL AND coalesce(starts_at <= at, true) AND coalesce(at < ends_at, true)
            THEN price ELSE compare_at END
    $$
    """,
    # An attribute as people read it.
    """
    CREATE FUNCTION catalog.attribute_text(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE jsonb_typeof(value)
            WHEN 'boolean' THEN CASE WHEN value = 'true' THEN 'Yes' ELSE 'No' END
            WHEN 'object' THEN coalesce(
                concat_ws(' ', value ->> 'number', nullif(value ->> 'unit', '')),
                nullif(value ->> 'name', ''), value ->> 'colour')
            WHEN 'array' THEN (SELECT string_agg(item, ', ') FROM jsonb_array_elements_text(value) AS item)
            ELSE value #>> '{}' END
    $$
    """,
)
CHECKS = (
    ("variants", "sale_price", "sale_price IS NULL OR (sale_price >= 0 AND sale_price < price)"),
    ("variants", "sale_window", "sale_starts_at < sale_ends_at"),
    ("variants", "cost", "cost >= 0"),
    ("pictures", "state", "state IN ('waiting', 'ready', 'failed')"),
)
COLUMNS = (
    ("products", sa.Column("type_id", sa.Uuid(), nullable=True)),
    ("products", sa.Column("tags", postgresql.ARRAY(sa.String(length=60)), server_default="{}", nullable=False)),
    ("categories", sa.Column("seo_title", sa.String(length=255), server_default="", nullable=False)),
    ("categories", sa.Column("seo_description", sa.String(length=500), server_default="", nullable=False)),
    ("categories", sa.Column("version", sa.Integer(), server_default="1", nullable=False)),
    ("brands", sa.Column("seo_title", sa.String(length=255), server_default="", nullable=False)),
    ("brands", sa.Column("seo_description", sa.String(length=500), server_default="", nullable=False)),
    ("brands", sa.Column("version", sa.Integer(), server_default="1", nullable=False)),
    ("variants", sa.Column("sale_price", sa.Integer(), nullable=True)),
    ("variants", sa.Column("sale_starts_at", sa.DateTime(timezone=True), nullable=True)),
    ("variants", sa.Column("sale_ends_at", sa.DateTime(timezone=True), nullable=True)),
    ("variants", sa.Column("price_turns_at", sa.DateTime(timezone=True), nullable=True)),
    ("variants", sa.Column("cost", sa.Integer(), nullable=True)),
    ("pictures", sa.Column("original", sa.String(length=80), nullable=True)),
    ("pictures", sa.Column("state", sa.String(length=20), server_default="ready", nullable=False)),
    ("listings", sa.Column("traits", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)),
)


def upgrade() -> None:
    """Apply the change."""
    json = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    op.create_table(
        "product_types",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("attributes", json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cardinality(options) <= 3", name=op.f("ck_product_types_three_options")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_types")),
        sa.UniqueConstraint("name", name=op.f("uq_product_types_name")),
        schema="catalog",
    )
    op.create_table(
        "collections",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rules", json, nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("seo_title", sa.String(length=255), nullable=False),
        sa.Column("seo_description", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published')", name=op.f("ck_collections_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("slug", name=op.f("uq_collections_slug")),
        schema="catalog",
    )
    op.create_table(
        "collection_products",
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _foreign("collection_products", "collection_id", "collections"),
        _foreign("collection_products", "product_id", "products"),
        sa.PrimaryKeyConstraint("collection_id", "product_id", name=op.f("pk_collection_products")),
        schema="catalog",
    )
    op.create_index("ix_collection_products_product_id", "collection_products", ["product_id"], schema="catalog")
    op.create_table(
        "old_collection_slugs",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        _foreign("old_collection_slugs", "collection_id", "collections"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_collection_slugs")),
        schema="catalog",
    )
    op.create_index(
        op.f("ix_old_collection_slugs_collection_id"), "old_collection_slugs", ["collection_id"], schema="catalog"
    )
    op.create_table(
        "old_paths",
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        _foreign("old_paths", "category_id", "categories"),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_old_paths")),
        schema="catalog",
    )
    op.create_index(op.f("ix_old_paths_category_id"), "old_paths", ["category_id"], schema="catalog")
    op.create_table(
        "related_products",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("related_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("product_id <> related_id", name=op.f("ck_related_products_another")),
        _foreign("related_products", "product_id", "products"),
        _foreign("related_products", "related_id", "products"),
        sa.PrimaryKeyConstraint("product_id", "related_id", name=op.f("pk_related_products")),
        schema="catalog",
    )
    op.create_index(op.f("ix_related_products_related_id"), "related_products", ["related_id"], schema="catalog")
    for table, column in COLUMNS:
        op.add_column(table, column, schema="catalog")
    for table, name, rule in CHECKS:
        op.execute(f"ALTER TABLE catalog.{table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID")
    op.execute(
        "ALTER TABLE catalog.products ADD CONSTRAINT fk_products_type_id"
        " FOREIGN KEY (type_id) REFERENCES catalog.product_types (id) NOT VALID"
    )
    for function in FUNCTIONS:
        op.execute(function)


def downgrade() -> None:
    """Take the change back."""
    op.execute("DROP FUNCTION catalog.attribute_text(jsonb)")
    op.execute("DROP FUNCTION catalog.former_at(integer, integer, integer, timestamptz, timestamptz, timestamptz)")
    op.execute("DROP FUNCTION catalog.price_at(integer, integer, timestamptz, timestamptz, timestamptz)")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name, schema="catalog")
    for table in (
        "related_products", "old_paths", "old_collection_slugs", "collection_products", "collections", "product_types",
    ):  # fmt: skip
        op.drop_table(table, schema="catalog")


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"catalog.{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
