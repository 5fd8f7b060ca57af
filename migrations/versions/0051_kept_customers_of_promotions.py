"""how many customers used each promotion, kept as they use it"""

from alembic import op

revision = "0051"
down_revision = "0050"

TRIGGERS = (
    ("note_customer", "INSERT OR DELETE", ""),
    (
        "note_moved", "UPDATE",
        " WHEN ((OLD.promotion_id, OLD.used > 0) IS DISTINCT FROM (NEW.promotion_id, NEW.used > 0))",
    ),
)  # fmt: skip


def upgrade() -> None:
    """Apply the change."""
    for name, when, condition in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON promotions.usages FOR EACH ROW{condition}"
            " EXECUTE FUNCTION promotions.note_use()"
        )


def downgrade() -> None:
    """Take the change back."""
    for name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON promotions.usages")
