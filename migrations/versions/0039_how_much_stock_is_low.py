"""how much stock is low"""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Apply the change."""
    # So that PostgreSQL knows whether to look through the table or to walk the list until a page is full. An index
    # would be written by every order.
    op.execute("CREATE STATISTICS catalog.stock_left ON (on_hand - reserved - low_at) FROM catalog.stock")
    # Of a column that was added just now it knows nothing yet.
    op.execute("ANALYZE catalog.stock, catalog.variants")


def downgrade() -> None:
    """Take the change back."""
    op.execute("DROP STATISTICS catalog.stock_left")
