"""Idempotency keys of the API, with the first answers, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

LAST_LEFT_OUT = "'notifications.messages'"
"""The end of the list of tables that the audit log leaves alone; the function is taken as it is now."""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "idempotency_keys",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_keys")),
        schema="shared",
    )
    op.create_index("ix_idempotency_keys_taken_at", "idempotency_keys", ["taken_at"], unique=False, schema="shared")
    # What staff do by the API is in the log with the rows it touched; that a key was kept beside it says nothing more.
    _replace(LAST_LEFT_OUT, f"{LAST_LEFT_OUT}, 'shared.idempotency_keys'")


def downgrade() -> None:
    """Take the change back."""
    _replace(f"{LAST_LEFT_OUT}, 'shared.idempotency_keys'", LAST_LEFT_OUT)
    op.drop_index("ix_idempotency_keys_taken_at", table_name="idempotency_keys", schema="shared")
    op.drop_table("idempotency_keys", schema="shared")


def _replace(old: str, new: str) -> None:
    op.execute(
        f"DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('shared.watch_tables'::regproc), $w${old}$w$, $w${new}$w$); "
        "END $do$"
    )
