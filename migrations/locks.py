"""Which statements of a migration would make shoppers wait, or break the version that still runs beside the new one.

A migration runs while the shop sells, and for some minutes two versions work on its schema: so it adds first (expand),
and a later one removes (contract), when no version that runs uses the thing any more. What a statement locks, and for
how long, is in PostgreSQL's manual under "Explicit Locking" and "ALTER TABLE".
"""

import io
import re
from collections.abc import Callable

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

FIRST_CHECKED = "0009"
"""The migrations before it ran on empty shops only."""

FIRST_ALONE = "0015"
"""Those before it, which are released and stay as they are, have other changes beside indexes made concurrently."""

CONTRACTS: dict[str, str] = {}
"""Revisions that remove on purpose what no running version uses any more, and the release that stopped using it."""

_TABLE = r'(?:IF (?:NOT )?EXISTS )?(?:ONLY )?"?([\w."]+)"?'
_RULES = (
    (r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON " + _TABLE,
     "an index on a table with rows is made with postgresql_concurrently=True in an autocommit_block()"),
    (rf"ALTER TABLE {_TABLE} ADD COLUMN (?!.*DEFAULT).* NOT NULL",
     "a new column that must have a value needs a server_default, or the version that runs cannot insert"),
    (rf"ALTER TABLE {_TABLE} ALTER COLUMN \S+ (?:SET DATA )?TYPE",
     "changing a type rewrites the table: add a column, fill it, and move over to it"),
    (rf"ALTER TABLE {_TABLE} ALTER COLUMN \S+ SET NOT NULL",
     "SET NOT NULL reads the whole table under a lock: add a CHECK that is NOT VALID, validate it, then set it"),
    (rf"ALTER TABLE {_TABLE} ADD CONSTRAINT \S+ (?:FOREIGN KEY|CHECK)(?!.*NOT VALID)",
     "a constraint is added NOT VALID (postgresql_not_valid=True) and validated by a statement of its own"),
    (rf"ALTER TABLE {_TABLE} ADD CONSTRAINT \S+ (?:UNIQUE|PRIMARY KEY) \(",
     "make the unique index concurrently, then add the constraint USING INDEX"),
)  # fmt: skip
_REMOVALS = (
    (rf"ALTER TABLE {_TABLE} DROP COLUMN", "a column"),
    (rf"ALTER TABLE {_TABLE} RENAME", "an old name"),
    (rf"DROP TABLE {_TABLE}", "a table"),
)


_IN_THE_BLOCK = r"(?:CREATE (?:UNIQUE )?|DROP |RE)INDEX .*CONCURRENTLY|SET |SELECT SET_CONFIG\("
_MADE = r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?\"?(\w+)\"?"
_DROPPED = r"DROP INDEX CONCURRENTLY IF EXISTS (?:\"?\w+\"?\.)?\"?(\w+)\"?"
_VALIDATED = rf"ALTER TABLE {_TABLE} VALIDATE CONSTRAINT"


def troubles(revision: str, upgrade: Callable[[], None]) -> list[str]:
    """Return what is wrong with a migration, in words that say what to do instead; nothing is run."""
    statements = _statements(upgrade)
    return [f"{revision}: {trouble}" for trouble in _locks(revision, statements) + _mixtures(revision, statements)]


def _locks(revision: str, statements: list[str]) -> list[str]:
    """Return the statements that hold a lock for long, or take away what may still be used."""
    new = {_plain(name) for text in statements for name in re.findall(rf"^CREATE TABLE {_TABLE}", text)}
    found = []
    for text in statements:
        for pattern, instead in _RULES:
            hit = re.match(pattern, text, re.IGNORECASE)
            if hit and _plain(hit.group(1)) not in new:
                found.append(f"{instead}. ({text[:90]})")
        for pattern, what in _REMOVALS:
            if re.match(pattern, text, re.IGNORECASE) and revision not in CONTRACTS:
                found.append(
                    f"{what} is removed that the version before may still use. If no running version does, "
                    f"say so in CONTRACTS. ({text[:90]})"
                )
    return found


def _mixtures(revision: str, statements: list[str]) -> list[str]:
    """Return what may not stand in one revision: it could not be run again, or holds a lock while rows are read."""
    if revision < FIRST_ALONE:
        return []
    found = []
    if "COMMIT" in statements:  # of an autocommit_block()
        begin, end = statements.index("COMMIT"), len(statements) - statements[::-1].index("BEGIN")
        beside = [*statements[:begin], *statements[end:]]
        beside += [text for text in statements[begin:end] if not re.match(rf"{_IN_THE_BLOCK}|COMMIT|BEGIN", text, re.I)]
        found += [
            f"what is done concurrently stands in a revision of its own: if it fails, what is beside it is done already"
            f" and cannot be run again. ({text[:90]})"
            for text in beside
        ]
    gone: set[str] = set()
    for text in statements:
        if hit := re.match(_DROPPED, text, re.IGNORECASE):
            gone.add(_plain(hit[1]))
        if (hit := re.match(_MADE, text, re.IGNORECASE)) and _plain(hit[1]) not in gone:
            found.append(
                f"a failed attempt leaves an index that is not valid: drop it first, as migrations.concurrently does."
                f" ({text[:90]})"
            )
    if any(re.match(_VALIDATED, text, re.IGNORECASE) for text in statements):
        found += [
            f"VALIDATE CONSTRAINT stands in a later revision, with others of its kind alone: here it reads the table"
            f" while this is still locked. ({text[:90]})"
            for text in statements
            if not re.match(_VALIDATED, text, re.IGNORECASE)
        ]
    return found


def _statements(upgrade: Callable[[], None]) -> list[str]:
    """Return what a migration would run, each statement on one line."""
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "transaction_per_migration": True}
    )
    with Operations.context(context):
        upgrade()
    return [" ".join(text.split()) for text in re.split(r";\s*\n\n", written.getvalue()) if text.strip()]


def _plain(name: str) -> str:
    return name.replace('"', "").lower()
