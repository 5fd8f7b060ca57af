"""indexes of orders and customers"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0034"
down_revision = "0033"

NEWEST = [sa.text("created_at DESC"), sa.text("id DESC")]
ORDERS = (
    ("ix_orders_country", [sa.text("(shipping_address ->> 'country')"), *NEWEST], {}),
    ("ix_orders_not_paid", NEWEST, {"postgresql_where": sa.text("paid_at IS NULL")}),
    ("ix_orders_total", [sa.text("total DESC"), sa.text("id DESC")], {}),
    ("ix_orders_tags", ["tags"], {"postgresql_using": "gin", "postgresql_where": sa.text("tags <> '{}'")}),
)  # fmt: skip
SHOPPERS = (
    ("ix_shoppers_created_at_id", NEWEST, {}),
    ("ix_shoppers_words", [sa.text("(email || ' ' || lower(name)) gin_trgm_ops")], {"postgresql_using": "gin"}),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for name, columns, options in ORDERS:
            make(name, "orders", columns, schema="orders", **options)
        for name, columns, options in SHOPPERS:
            make(name, "shoppers", columns, schema="users", **options)


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        for name, _, _ in SHOPPERS:
            drop(name, "shoppers", schema="users")
        for name, _, _ in ORDERS:
            drop(name, "orders", schema="orders")
