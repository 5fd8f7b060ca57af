"""the worth of what was in stock before it was kept"""

from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Apply the change: the schedule then keeps the worth of every product."""
    op.execute("INSERT INTO catalog.worth_changes (product_id) SELECT id FROM catalog.products")


def downgrade() -> None:
    """Take the change back: nothing has to go."""
