"""how often promotions were used before that was kept"""

from alembic import op

revision = "0052"
down_revision = "0051"

# One statement sees one moment: what the changes say that it sees is in what it counts, and stays theirs to say.
COUNT = """
    INSERT INTO promotions.kept_uses (promotion_id, uses, customers, amount)
    SELECT promotion_id, sum(uses), sum(customers), sum(amount) FROM (
        SELECT promotion_id, count(*) AS uses, 0 AS customers, sum(amount) AS amount FROM promotions.redemptions
        WHERE released_at IS NULL GROUP BY promotion_id
        UNION ALL SELECT promotion_id, 0, count(*), 0 FROM promotions.usages WHERE used > 0 GROUP BY promotion_id
        UNION ALL SELECT promotion_id, -uses, -customers, -amount FROM promotions.use_changes
    ) parts GROUP BY promotion_id
"""


def upgrade() -> None:
    """Apply the change."""
    op.execute(COUNT)


def downgrade() -> None:
    """Take the change back: nothing has to go."""
