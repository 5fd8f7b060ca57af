"""Old rows that are filled while the shop sells: some at a time, each step a transaction of its own.

Nothing else stands in the revision, and a row that is done no longer fits the condition: so where a step fails, because
somebody held a row for too long, the revision does not count as run and goes on from there when it is run again.
"""

from alembic import op
from sqlalchemy import text

ROWS = 1000
"""Rows of one step."""


def fill(table: str, change: str, *, where: str, rows: int = ROWS) -> int:
    """Change the rows that fit a condition, which those that are done must not; return how many there were.

    `table`, `change` (`column = value, …`) and `where` are SQL that the migration wrote itself.
    """
    step = (
        f"UPDATE {table} SET {change}"  # noqa: S608 - the migration's own words
        f" WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {where} LIMIT {rows} FOR NO KEY UPDATE))"
    )
    with op.get_context().autocommit_block():
        if op.get_context().as_sql:
            op.execute(step)
            return 0
        done, connection = 0, op.get_bind()
        while changed := connection.execute(text(step)).rowcount:
            done += changed
        return done
