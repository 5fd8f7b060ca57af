"""Tokens and keys of the API: what signs access tokens, refresh tokens of apps, and keys of staff and partners."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "signing_keys",
        sa.Column("public_bytes", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        schema="users",
    )
    op.create_table(
        "api_keys",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hint", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["users.staff.id"], name=op.f("fk_api_keys_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        schema="users",
    )
    op.create_index(op.f("ix_api_keys_maker_id"), "api_keys", ["maker_id"], unique=False, schema="users")
    op.add_column("shopper_sessions", sa.Column("refresh_hash", sa.String(length=64), nullable=True), schema="users")
    op.execute("SELECT shared.watch_tables()")


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("shopper_sessions", "refresh_hash", schema="users")
    op.drop_index(op.f("ix_api_keys_maker_id"), table_name="api_keys", schema="users")
    op.drop_table("api_keys", schema="users")
    op.drop_table("signing_keys", schema="users")
