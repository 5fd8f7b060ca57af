"""browsers that shoppers sign in at"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("shopper_sessions", sa.Column("device_hash", sa.String(length=64), nullable=True), schema="users")


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("shopper_sessions", "device_hash", schema="users")
