"""orders of the lists of reviews and promotions"""

from migrations.concurrently import drop, make, unhurried

revision = "0053"
down_revision = "0052"

INDEXES = (
    ("ix_reviews_email", "reviews", ["email"], "reviews"),
    ("ix_reviews_state_stars", "reviews", ["state", "stars", "written_at", "id"], "reviews"),
    ("ix_promotions_name", "promotions", ["name", "id"], "promotions"),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for name, table, columns, schema in INDEXES:
            make(name, table, columns, schema=schema)


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        for name, table, _, schema in reversed(INDEXES):
            drop(name, table, schema=schema)
