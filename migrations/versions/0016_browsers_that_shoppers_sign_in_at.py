"""browsers that shoppers sign in at, and the payloads of webhooks that are still kept"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("shopper_sessions", sa.Column("device_hash", sa.String(length=64), nullable=True), schema="users")
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_gateway_events_held",
            "gateway_events",
            ["received_at"],
            schema="payments",
            postgresql_where=sa.text("payload <> '{}'::jsonb"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Take the change back."""
    with op.get_context().autocommit_block():
        op.drop_index("ix_gateway_events_held", "gateway_events", schema="payments", postgresql_concurrently=True)
    op.drop_column("shopper_sessions", "device_hash", schema="users")
