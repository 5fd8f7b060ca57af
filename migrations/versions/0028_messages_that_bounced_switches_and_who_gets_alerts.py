"""messages that bounced, switches for each kind of message, and who gets which alerts"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

BEFORE, NOW = ("'queued', 'sent', 'failed', 'suppressed'", "'queued', 'sent', 'bounced', 'failed', 'suppressed'")


def upgrade() -> None:
    """Apply the change."""
    _states(NOW)
    op.create_table(
        "alert_choices",
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_alert_choices")),
        schema="notifications",
    )
    op.create_table(
        "switched_off",
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_switched_off")),
        schema="notifications",
    )
    # Where somebody was named by hand before, that was a choice.
    op.execute(
        "INSERT INTO notifications.alert_choices (template, chosen_at)"
        " SELECT DISTINCT template, now() FROM notifications.staff_alerts"
    )
    op.add_column("suppressions", sa.Column("lifted_at", sa.DateTime(timezone=True)), schema="notifications")
    op.add_column(
        "suppressions",
        sa.Column("lifted_because", sa.String(length=300), server_default="", nullable=False),
        schema="notifications",
    )
    op.execute("SELECT shared.watch_tables()")


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("suppressions", "lifted_because", schema="notifications")
    op.drop_column("suppressions", "lifted_at", schema="notifications")
    op.drop_table("switched_off", schema="notifications")
    op.drop_table("alert_choices", schema="notifications")
    op.execute("UPDATE notifications.messages SET state = 'sent' WHERE state = 'bounced'")
    _states(BEFORE)


def _states(names: str) -> None:
    op.execute("ALTER TABLE notifications.messages DROP CONSTRAINT ck_messages_state")
    op.execute(
        f"ALTER TABLE notifications.messages ADD CONSTRAINT ck_messages_state CHECK (state IN ({names})) NOT VALID"
    )
