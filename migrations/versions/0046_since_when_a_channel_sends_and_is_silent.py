"""since when a channel of messages sends, and since when it is silent"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

NEWEST = """
    UPDATE notifications.channels SET sent_at = (
        SELECT sent_at FROM notifications.messages
        WHERE channel = channels.name AND state = 'sent' ORDER BY messages.id DESC LIMIT 1
    )
    """
"""There is a row for a channel only once it was used, so its newest message is found at once."""


def upgrade() -> None:
    """Apply the change."""
    for name in ("sent_at", "silent_since"):
        op.add_column("channels", sa.Column(name, sa.DateTime(timezone=True)), schema="notifications")
    op.execute(NEWEST)


def downgrade() -> None:
    """Take the change back."""
    for name in ("silent_since", "sent_at"):
        op.drop_column("channels", name, schema="notifications")
