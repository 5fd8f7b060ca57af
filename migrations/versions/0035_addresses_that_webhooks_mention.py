"""hashes of the addresses that webhooks mention"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "gateway_events",
        sa.Column("mentions", sa.ARRAY(sa.String(length=64)), nullable=False, server_default="{}"),
        schema="payments",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("gateway_events", "mentions", schema="payments")
