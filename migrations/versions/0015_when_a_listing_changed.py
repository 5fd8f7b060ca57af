"""when a listing changed"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "listings",
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        schema="catalog",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("listings", "changed_at", schema="catalog")
