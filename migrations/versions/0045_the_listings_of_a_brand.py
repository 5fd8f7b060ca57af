"""the listings of a brand"""

from migrations.concurrently import drop, make, unhurried

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        make("ix_listings_brand_slug", "listings", ["brand_slug"], schema="catalog")


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        drop("ix_listings_brand_slug", "listings", schema="catalog")
