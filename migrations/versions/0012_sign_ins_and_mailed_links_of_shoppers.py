"""Sign-ins of shoppers, and what the links in their mails will do."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "mailed_links",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shopper_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('registration', 'reset', 'address')", name=op.f("ck_mailed_links_purpose")),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_mailed_links_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_links")),
        schema="users",
    )
    op.create_index(op.f("ix_mailed_links_email"), "mailed_links", ["email"], unique=False, schema="users")
    op.create_index("ix_mailed_links_expires_at", "mailed_links", ["expires_at"], unique=False, schema="users")
    op.create_index(op.f("ix_mailed_links_shopper_id"), "mailed_links", ["shopper_id"], unique=False, schema="users")
    op.create_table(
        "shopper_sessions",
        sa.Column("shopper_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("former_hash", sa.String(length=64), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_shopper_sessions_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopper_sessions")),
        schema="users",
    )
    op.create_index(
        "ix_shopper_sessions_last_seen_at", "shopper_sessions", ["last_seen_at"], unique=False, schema="users"
    )
    op.create_index(
        op.f("ix_shopper_sessions_shopper_id"), "shopper_sessions", ["shopper_id"], unique=False, schema="users"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_shopper_sessions_shopper_id"), table_name="shopper_sessions", schema="users")
    op.drop_index("ix_shopper_sessions_last_seen_at", table_name="shopper_sessions", schema="users")
    op.drop_table("shopper_sessions", schema="users")
    op.drop_index(op.f("ix_mailed_links_shopper_id"), table_name="mailed_links", schema="users")
    op.drop_index("ix_mailed_links_expires_at", table_name="mailed_links", schema="users")
    op.drop_index(op.f("ix_mailed_links_email"), table_name="mailed_links", schema="users")
    op.drop_table("mailed_links", schema="users")
