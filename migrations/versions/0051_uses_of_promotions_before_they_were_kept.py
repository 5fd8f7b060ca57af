"""how often promotions were used before that was kept"""

from alembic import op

revision = "0051"
down_revision = "0050"

# One statement, so that it takes away just those changes that are in what it counts: the shop sells meanwhile.
COUNT = """
    WITH counted_anew AS (DELETE FROM promotions.use_changes), held AS (
        SELECT promotion_id, count(*) AS uses, sum(amount) AS amount FROM promotions.redemptions
        WHERE released_at IS NULL GROUP BY promotion_id
    ), users AS (
        SELECT promotion_id, count(*) AS customers FROM promotions.usages WHERE used > 0 GROUP BY promotion_id
    )
    INSERT INTO promotions.kept_uses (promotion_id, uses, customers, amount)
    SELECT promotion_id, coalesce(uses, 0), coalesce(customers, 0), coalesce(amount, 0)
    FROM held FULL JOIN users USING (promotion_id)
"""


def upgrade() -> None:
    """Apply the change."""
    op.execute("SELECT pg_advisory_xact_lock(hashtextextended('the uses of promotions', 0))")
    op.execute("DELETE FROM promotions.kept_uses")
    op.execute(COUNT)


def downgrade() -> None:
    """Take the change back: nothing has to go."""
