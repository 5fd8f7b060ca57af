"""staff sign-ins and invitations"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "staff_invitations",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invited_by"], ["users.staff.id"], name=op.f("fk_staff_invitations_invited_by")),
        sa.ForeignKeyConstraint(["role"], ["users.roles.name"], name=op.f("fk_staff_invitations_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitations")),
        schema="users",
    )
    op.create_index(
        "uq_staff_invitations_open",
        "staff_invitations",
        ["email"],
        unique=True,
        schema="users",
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["users.staff.id"], name=op.f("fk_staff_sessions_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        schema="users",
    )
    op.create_index(op.f("ix_staff_sessions_staff_id"), "staff_sessions", ["staff_id"], unique=False, schema="users")
    op.add_column("roles", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True), schema="users")
    op.add_column(
        "staff",
        sa.Column("second_factor_exempt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        schema="users",
    )
    op.add_column("staff", sa.Column("totp_secret", sa.String(length=64), nullable=True), schema="users")
    op.add_column("staff", sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True), schema="users")
    op.add_column("staff", sa.Column("totp_step", sa.BigInteger(), nullable=True), schema="users")
    op.add_column(
        "staff",
        sa.Column("recovery_hashes", postgresql.ARRAY(sa.String(length=255)), server_default="{}", nullable=False),
        schema="users",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("staff", "recovery_hashes", schema="users")
    op.drop_column("staff", "totp_step", schema="users")
    op.drop_column("staff", "totp_confirmed_at", schema="users")
    op.drop_column("staff", "totp_secret", schema="users")
    op.drop_column("staff", "second_factor_exempt", schema="users")
    op.drop_column("roles", "changed_at", schema="users")
    op.drop_index(op.f("ix_staff_sessions_staff_id"), table_name="staff_sessions", schema="users")
    op.drop_table("staff_sessions", schema="users")
    op.drop_index(
        "uq_staff_invitations_open",
        table_name="staff_invitations",
        schema="users",
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_table("staff_invitations", schema="users")
