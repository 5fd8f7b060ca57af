"""indexes of the list of products"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        make("ix_products_status", "products", ["status", "id"], schema="catalog")
        make(
            "ix_variants_barcode", "variants", ["barcode"], schema="catalog",
            postgresql_where=sa.text("barcode IS NOT NULL"),
        )  # fmt: skip


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        drop("ix_variants_barcode", "variants", schema="catalog")
        drop("ix_products_status", "products", schema="catalog")
