"""webhooks are found by the addresses they mention"""

from alembic import op

revision = "0036"
down_revision = "0035"

NAME = "ix_gateway_events_mentions"


def upgrade() -> None:
    """Apply the change."""
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "gateway_events", schema="payments", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            NAME, "gateway_events", ["mentions"], schema="payments", postgresql_using="gin",
            postgresql_with={"fastupdate": "off"}, postgresql_concurrently=True,
        )  # fmt: skip


def downgrade() -> None:
    """Take the change back."""
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "gateway_events", schema="payments", postgresql_concurrently=True)
