"""a new shop waits to be opened"""

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Apply the change: a database that holds a shop already has an open one."""
    op.execute(
        "INSERT INTO shared.preferences (name, value, changed_at) SELECT 'opened', 'no', now()"
        " WHERE NOT EXISTS (SELECT FROM catalog.products) AND NOT EXISTS (SELECT FROM orders.orders)"
        " ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    """Take the change back."""
    op.execute("DELETE FROM shared.preferences WHERE name = 'opened'")
