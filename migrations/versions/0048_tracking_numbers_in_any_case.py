"""tracking numbers in any case"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0048"
down_revision = "0047"

NEW, OLD = "ix_shipments_tracking", "ix_shipments_tracking_number"


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        make(NEW, "shipments", [sa.text("upper(replace(tracking_number, ' ', ''))")], schema="orders")
        drop(OLD, "shipments", schema="orders")


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        make(OLD, "shipments", ["tracking_number"], schema="orders")
        drop(NEW, "shipments", schema="orders")
