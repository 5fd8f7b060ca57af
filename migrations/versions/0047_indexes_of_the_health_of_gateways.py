"""indexes of the health of gateways"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0047"
down_revision = "0046"

INDEXES = (
    ("ix_payments_captured", "settled_at", "state = 'captured'"),
    ("ix_payments_unanswered", "created_at", "state = 'unknown'"),
    ("ix_payments_faults", "settled_at", "failure_code IN ('unavailable', 'missing')"),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for name, moment, which in INDEXES:
            make(name, "payments", ["gateway", moment], schema="payments", postgresql_where=sa.text(which))


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        for name, _, _ in INDEXES:
            drop(name, "payments", schema="payments")
