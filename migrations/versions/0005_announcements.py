"""What a promotion announces in the shop's window"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "promotions",
        sa.Column("announcement", sa.String(length=200), server_default="", nullable=False),
        schema="promotions",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("promotions", "announcement", schema="promotions")
