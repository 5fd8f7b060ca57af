"""What the database holds when the store starts: is it empty, and is it the demo shop?"""

from dataclasses import dataclass

from cli.demo_accounts import STAFF_EMAIL


@dataclass(frozen=True)
class Contents:
    """Whether there is nothing for sale yet, who can sign in to the admin, and whether shoppers are let in."""

    empty: bool
    demo: bool
    staff: bool
    open: bool


def look(database_url: str) -> Contents:
    """Look into a migrated database."""
    import psycopg

    with psycopg.connect(database_url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM catalog.products), EXISTS (SELECT FROM users.staff WHERE email = %s),"
            " EXISTS (SELECT FROM users.staff),"
            " NOT EXISTS (SELECT FROM shared.preferences WHERE name = 'opened' AND value = 'no')",
            (STAFF_EMAIL,),
        ).fetchone()
    assert row is not None
    return Contents(empty=not row[0], demo=row[1], staff=row[2], open=row[3])
