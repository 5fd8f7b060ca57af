"""The second step of shoppers' sign-in: the secret they share with their app, and what is kept of recovery codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("shoppers", sa.Column("totp_secret", sa.String(length=64), nullable=True), schema="users")
    op.add_column("shoppers", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True), schema="users")
    op.add_column("shoppers", sa.Column("totp_step", sa.BigInteger(), nullable=True), schema="users")
    op.add_column(
        "shoppers",
        sa.Column("recovery_hashes", postgresql.ARRAY(sa.String(length=255)), server_default="{}", nullable=False),
        schema="users",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("shoppers", "recovery_hashes", schema="users")
    op.drop_column("shoppers", "totp_step", schema="users")
    op.drop_column("shoppers", "totp_confirmed_at", schema="users")
    op.drop_column("shoppers", "totp_secret", schema="users")
