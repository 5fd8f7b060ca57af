"""what the owner decides"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "preferences",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_preferences")),
        schema="shared",
    )
    op.execute("SELECT shared.watch_tables()")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("preferences", schema="shared")
