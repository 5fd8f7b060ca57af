"""documents of listings stay in their rows"""

from alembic import op

revision = "0030"
down_revision = "0029"

# Ranking reads the document of every answer, the picture only of what is shown: where a row is too wide for its page,
# the picture is what moves out. Rows that are there follow when they are next worked out.
_KEPT = (("document", "MAIN", "EXTENDED"), ("facets", "MAIN", "EXTENDED"), ("picture", "EXTERNAL", "EXTENDED"))


def upgrade() -> None:
    """Apply the change."""
    for column, storage, _ in _KEPT:
        op.execute(f"ALTER TABLE catalog.listings ALTER COLUMN {column} SET STORAGE {storage}")


def downgrade() -> None:
    """Take the change back."""
    for column, _, storage in _KEPT:
        op.execute(f"ALTER TABLE catalog.listings ALTER COLUMN {column} SET STORAGE {storage}")
