"""indexes that hold all a report asks of stars in reviews and of what sold best"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0054"
down_revision = "0053"

STARS = "ix_reviews_state_written_at_stars"
SOLD = "ix_kept_shares_products"


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        make(STARS, "reviews", ["state", "written_at", "stars"], schema="reviews")
        make(
            SOLD,
            "kept_shares",
            ["size", "first", "currency", "key"],
            schema="analytics",
            postgresql_include=["amount", "units", "back"],
            postgresql_where=sa.text("by = 'product'"),
        )


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        drop(SOLD, "kept_shares", schema="analytics")
        drop(STARS, "reviews", schema="reviews")
