"""what the audit log never forgets has no tags of orders: they are free text that may hold a name"""

from alembic import op

revision = "0055"
down_revision = "0054"

WORDS = """            WHEN place = 'orders.orders' AND name = 'tags' THEN '"(hidden)"'"""

NEXT = "            WHEN name IN ('email',"
"""What follows; the function is taken as it is now, so that whoever changes it adds to what is hidden."""


def upgrade() -> None:
    """Apply the change."""
    _replace(NEXT, f"{WORDS.strip()}\n{NEXT}")


def downgrade() -> None:
    """Take the change back."""
    _replace(f"{WORDS.strip()}\n{NEXT}", NEXT)


def _replace(old: str, new: str) -> None:
    op.execute(
        "DO $do$ BEGIN EXECUTE replace("
        f"pg_get_functiondef('shared.masked'::regproc), $w${old}$w$, $w${new}$w$); END $do$"
    )
