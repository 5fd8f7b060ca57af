"""messages by every channel"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

LATER = (
    ("ix_messages_later", ["not_before"], "not_before IS NOT NULL"),
    ("ix_messages_notices", ["shopper_id", "id"], "shopper_id IS NOT NULL"),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Double(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("allowance", sa.Double(), nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
        schema="notifications",
    )
    op.create_table(
        "preferences",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", "topic", name=op.f("pk_preferences")),
        schema="notifications",
    )
    op.create_table(
        "satisfaction",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_satisfaction_score")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_satisfaction")),
        schema="notifications",
    )
    op.create_table(
        "staff_alerts",
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("template", "email", name=op.f("pk_staff_alerts")),
        schema="notifications",
    )
    op.create_table(
        "suppressions",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('bounce', 'complaint', 'staff')", name=op.f("ck_suppressions_reason")),
        sa.PrimaryKeyConstraint("email", name=op.f("pk_suppressions")),
        schema="notifications",
    )
    op.create_table(
        "mirror_marks",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mirror_marks")),
        schema="shared",
    )
    op.create_table(
        "phones",
        sa.Column("shopper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shopper_id"], ["users.shoppers.id"], name=op.f("fk_phones_shopper_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shopper_id", name=op.f("pk_phones")),
        schema="notifications",
    )
    op.add_column(
        "messages", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True), schema="notifications"
    )
    op.add_column("messages", sa.Column("shopper_id", sa.Uuid(), nullable=True), schema="notifications")
    op.add_column("messages", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True), schema="notifications")
    op.execute("SELECT shared.watch_tables()")
    with op.get_context().autocommit_block():
        for name, columns, condition in LATER:
            op.create_index(
                name,
                "messages",
                columns,
                schema="notifications",
                postgresql_where=sa.text(condition),
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    """Take the change back."""
    for name, _, _ in LATER:
        op.drop_index(name, table_name="messages", schema="notifications")
    op.drop_column("messages", "read_at", schema="notifications")
    op.drop_column("messages", "shopper_id", schema="notifications")
    op.drop_column("messages", "not_before", schema="notifications")
    op.drop_table("phones", schema="notifications")
    op.drop_table("mirror_marks", schema="shared")
    op.drop_table("suppressions", schema="notifications")
    op.drop_table("staff_alerts", schema="notifications")
    op.drop_table("satisfaction", schema="notifications")
    op.drop_table("preferences", schema="notifications")
    op.drop_table("channels", schema="notifications")
