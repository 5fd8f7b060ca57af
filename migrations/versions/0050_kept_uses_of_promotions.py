"""how often each promotion was used, kept as it is used"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

LAST_LEFT_OUT = "'catalog.product_worth'"
"""The end of the list of tables that the audit log leaves alone; the function is taken as it is now."""
LEFT_OUT = f"{LAST_LEFT_OUT}, 'promotions.use_changes', 'promotions.kept_uses'"

NOTE_USE = """
    CREATE FUNCTION promotions.note_use() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'redemptions' THEN
            INSERT INTO promotions.use_changes (promotion_id, uses, customers, amount)
            SELECT promotion_id, sum(uses), 0, sum(uses * amount) FROM (VALUES
                (OLD.promotion_id, CASE WHEN OLD.released_at IS NULL THEN -1 ELSE 0 END, OLD.amount),
                (NEW.promotion_id, CASE WHEN NEW.released_at IS NULL THEN 1 ELSE 0 END, NEW.amount)
            ) AS moved(promotion_id, uses, amount)
            WHERE promotion_id IS NOT NULL GROUP BY promotion_id
            HAVING sum(uses) <> 0 OR sum(uses * amount) <> 0;
        ELSE
            INSERT INTO promotions.use_changes (promotion_id, uses, customers, amount)
            SELECT promotion_id, 0, sum(customers), 0 FROM (VALUES
                (OLD.promotion_id, CASE WHEN OLD.used > 0 THEN -1 ELSE 0 END),
                (NEW.promotion_id, CASE WHEN NEW.used > 0 THEN 1 ELSE 0 END)
            ) AS moved(promotion_id, customers)
            WHERE promotion_id IS NOT NULL GROUP BY promotion_id HAVING sum(customers) <> 0;
        END IF;
        RETURN NULL;
    END $$
    """
TRIGGERS = (
    ("note_use", "INSERT OR DELETE", ""),
    (
        "note_moved", "UPDATE",
        " WHEN ((OLD.promotion_id, OLD.released_at, OLD.amount) IS DISTINCT FROM"
        " (NEW.promotion_id, NEW.released_at, NEW.amount))",
    ),
)  # fmt: skip


def upgrade() -> None:
    """Apply the change; the next ones do the same for customers, and count what was used before."""
    op.create_table(
        "use_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_changes")),
        schema="promotions",
    )
    op.create_index("ix_use_changes_promotion_id", "use_changes", ["promotion_id"], schema="promotions")
    op.create_table(
        "kept_uses",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("promotion_id", name=op.f("pk_kept_uses")),
        schema="promotions",
    )
    # The log has the uses themselves.
    _leave_out(LAST_LEFT_OUT, LEFT_OUT)
    op.execute(NOTE_USE)
    for name, when, condition in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON promotions.redemptions FOR EACH ROW{condition}"
            " EXECUTE FUNCTION promotions.note_use()"
        )


def downgrade() -> None:
    """Take the change back."""
    for name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON promotions.redemptions")
    op.execute("DROP FUNCTION promotions.note_use()")
    _leave_out(LEFT_OUT, LAST_LEFT_OUT)
    for table in ("kept_uses", "use_changes"):
        op.drop_table(table, schema="promotions")


def _sums() -> tuple[sa.Column[object], ...]:
    return tuple(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("uses", "customers", "amount"))


def _leave_out(old: str, new: str) -> None:
    op.execute(
        f"DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('shared.watch_tables'::regproc), $w${old}$w$, $w${new}$w$); "
        "END $do$"
    )
