"""indexes of messages and webhooks"""

import sqlalchemy as sa

from migrations.concurrently import drop, make, unhurried

revision = "0033"
down_revision = "0032"

INDEXES = (
    ("notifications", "messages", "ix_messages_template", ["template", "id"], None),
    ("notifications", "messages", "ix_messages_not_sent", ["state", "id"], "state <> 'sent'"),
    ("notifications", "messages", "ix_messages_provider_id", ["provider_id"], "provider_id IS NOT NULL"),
    ("notifications", "suppressions", "ix_suppressions_created_at", ["created_at", "email"], None),
    ("payments", "gateway_events", "ix_gateway_events_held", ["received_at"], "payload <> '{}'::jsonb"),
)


def upgrade() -> None:
    """Apply the change."""
    with unhurried():
        for schema, table, name, columns, condition in INDEXES:
            where = sa.text(condition) if condition else None
            make(name, table, columns, schema=schema, postgresql_where=where)


def downgrade() -> None:
    """Take the change back."""
    with unhurried():
        for schema, table, name, _, _ in INDEXES:
            drop(name, table, schema=schema)
