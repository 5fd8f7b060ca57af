"""Which statements of a migration would make shoppers wait, or break the version that still runs beside the new one.

A migration runs while the shop sells, and for some minutes two versions work on its schema: so it adds first (expand),
and a later one removes (contract), when no version that runs uses the thing any more. What a statement locks, and for
how long, is in PostgreSQL's manual under "Explicit Locking" and "ALTER TABLE".
"""

import re
from collections.abc import Callable, Iterator, Sequence

from migrations.rows import changed
from migrations.sql import calls, cut, functions, plain, statements, unquoted, within

Upgrade = Callable[[], None]

FIRST_CHECKED = "0009"
"""The migrations before it ran on empty shops only."""

FIRST_ALONE = "0015"
"""Those before it, which are released and stay as they are, have other changes beside indexes made concurrently."""

CONTRACTS: dict[str, str] = {
    "0009": "A trigger refuses what no version has ever done: changing a movement of stock or a paper.",
    "0038": "Lists of orders moved to another schema; they came with 0029, and no release had them.",
    "0042": "Its triggers note beside a change that it happened; what a version writes stays as it wrote it.",
    "0050": "Its triggers note beside a use of a promotion that there was one; the use stays as it was written.",
    "0051": "Its triggers do the same beside what a customer has used.",
}
"""Revisions that take away, or bind, what a version before might use; why none that runs does, or when it stopped."""

CALLED = {
    "shared.watch_tables": "It gives triggers to tables that have none: those which the same migration makes.",
}
"""Functions that migrations run, and why what stands in them holds nothing for long."""

FIRST_ONE_TABLE = "0043"
"""Those before it, which are released and stay as they are, alter more than one table at once."""

_TABLE = r'(?:IF (?:NOT )?EXISTS )?(?:ONLY )?"?([\w."]+)"?'
_NAMED = r"ADD (?:CONSTRAINT \S+ )?"
_NEW_COLUMN = r"ADD (?:COLUMN )?(?!CONSTRAINT\b|CHECK\b|FOREIGN KEY\b|UNIQUE\b|PRIMARY KEY\b|EXCLUDE\b|NOT NULL\b)"
_REWRITES = "this writes the whole table anew under a lock: "
_FILL = "add the column without it, set the default for new rows, and fill the old ones in steps"

_STEADY = (
    "now|transaction_timestamp|statement_timestamp|current_setting|coalesce|cast|lower|upper|md5|to_jsonb|to_json|"
    "jsonb_build_object|jsonb_build_array|make_interval|make_date|row"
)
_VOLATILE = rf"{_NEW_COLUMN}.*\bDEFAULT\b(?:(?!\bCHECK\b|\bREFERENCES\b).)*?(?<!:)\b(?!(?:{_STEADY})\b)[a-z_][\w.]*\("

_STATEMENTS = (
    (r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).* ON " + _TABLE,
     "an index on a table with rows is made with postgresql_concurrently=True in an autocommit_block()"),
    (r"DROP INDEX (?!CONCURRENTLY)(?:IF EXISTS )?(\S+)",
     "an index is dropped with postgresql_concurrently=True, or it waits for every reader and all wait behind it"),
    (r"REINDEX (?!.*\bCONCURRENTLY\b).*?(\S+)$", "REINDEX is done CONCURRENTLY, or the table takes no writes"),
    (r"LOCK (?:TABLE )?" + _TABLE + r"(?!.* IN (?:ACCESS SHARE|ROW SHARE|ROW EXCLUSIVE) MODE)",
     "a table is never locked by hand: whoever sells waits until the migration ends"),
    (r"CLUSTER\b(?: VERBOSE| \(.*?\))?(?: " + _TABLE + ")?", _REWRITES + "it is not done in a migration"),
    (r"VACUUM (?:\([^)]*\bFULL\b[^)]*\)|FULL\b)(?: VERBOSE| ANALYZE)*(?: " + _TABLE + ")?",
     _REWRITES + "plain VACUUM is what the database does by itself"),
    (r"REFRESH MATERIALIZED VIEW (?!CONCURRENTLY)(\S+)",
     "a view is refreshed CONCURRENTLY, which needs a unique index, or nobody reads it meanwhile"),
    (r"TRUNCATE (?:TABLE )?" + _TABLE, "rows are deleted in steps: TRUNCATE locks out readers and takes all away"),
)  # fmt: skip
"""What a statement begins with whose table is not new, and what to do instead."""

_CLAUSES = (
    (_NEW_COLUMN + r"(?!.*\b(?:DEFAULT|GENERATED|SERIAL|BIGSERIAL|SMALLSERIAL)\b).* NOT NULL",
     "a new column that must have a value needs a server_default, or the version that runs cannot insert"),
    (_VOLATILE, _REWRITES + "each row gets a value of its own. Instead " + _FILL),
    (_NEW_COLUMN + r".*\b(?:(?:SMALL|BIG)?SERIAL\b|AS IDENTITY\b|GENERATED ALWAYS AS \(.*\) STORED)",
     _REWRITES + _FILL),
    (_NEW_COLUMN + r".*\b(?:UNIQUE|PRIMARY KEY)\b",
     "a column is added first; its index is then made concurrently, and the constraint added USING INDEX"),
    (_NEW_COLUMN + r".*(?:\bCHECK \(|\bDEFAULT\b.*\bREFERENCES\b)",
     "a column is added first; its constraint then NOT VALID, and validated by a statement of its own"),
    (r"ALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b",
     "changing a type rewrites the table: add a column, fill it, and move over to it"),
    (r"ALTER (?:COLUMN )?\S+ SET EXPRESSION\b", _REWRITES + "add a second column and move over to it"),
    (_NAMED + r"(?:FOREIGN KEY|CHECK|NOT NULL)\b(?!.*NOT VALID)",
     "a constraint is added NOT VALID (postgresql_not_valid=True) and validated by a statement of its own"),
    (_NAMED + r"(?:UNIQUE|PRIMARY KEY)\b(?!.*USING INDEX)",
     "make the unique index concurrently, then add the constraint USING INDEX"),
    (_NAMED + r"EXCLUDE\b", "an EXCLUDE constraint is made under a lock only: give it to a new table"),
    (r"SET (?:LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)\b", _REWRITES + "it is not done while the shop sells"),
    (r"ATTACH PARTITION\b", "a partition is read whole when it is attached: make it as one, while it is empty"),
)  # fmt: skip
"""What a clause of ALTER TABLE begins with, where the table is not new, and what to do instead."""

_NOT_NULL = r"ALTER (?:COLUMN )?\"?(\w+)\"? SET NOT NULL"
_NOT_NULL_INSTEAD = (
    "SET NOT NULL reads the whole table under a lock: add CHECK (… IS NOT NULL) that is NOT VALID, validate it in a"
    " later revision, then set it in one after that"
)

_REMOVALS = (
    (r"DROP (?:COLUMN )?(?!CONSTRAINT\b)\S+", "a column"),
    (r"RENAME\b", "an old name"),
    (r"SET SCHEMA\b", "an old name"),
    (r"ALTER (?:COLUMN )?\S+ DROP DEFAULT\b", "a default"),
)
_GONE = (
    (r"DROP (?:TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|SCHEMA)\b", "a table, view, sequence, type or schema"),
    (r"ALTER (?:SCHEMA|VIEW|SEQUENCE|TYPE|INDEX) .*\bRENAME\b", "an old name"),
)
_TRIGGER = r"CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON " + _TABLE

_NO_TRIGGER = r"DROP TRIGGER (?:IF EXISTS )?\S+ ON " + _TABLE

_IN_THE_BLOCK = (
    r"UPDATE \S+ SET .* WHERE CTID = ANY\(|"  # a step of migrations.steps
    r"(?:CREATE (?:UNIQUE )?|DROP |RE)INDEX .*CONCURRENTLY|SET |SELECT SET_CONFIG\("
)
_MADE = r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?\"?(\w+)\"?"
_DROPPED = r"DROP INDEX CONCURRENTLY IF EXISTS (?:\"?\w+\"?\.)?\"?(\w+)\"?"
_VALIDATED = rf"ALTER TABLE {_TABLE} VALIDATE CONSTRAINT"


def troubles(revision: str, upgrade: Upgrade, earlier: Sequence[Upgrade] = ()) -> list[str]:
    """Return what is wrong with a migration, in words that say what to do instead; nothing is run.

    `earlier` are the migrations before it: what they have validated need not be read again.
    """
    texts = [*statements(upgrade), *_run_by(statements(upgrade), earlier)]
    found = [f"{trouble}. ({text[:90]})" for trouble, text in _locks(texts, earlier)]
    if revision not in CONTRACTS:
        found += [f"{trouble} ({text[:90]})" for trouble, text in _removals(texts)]
    return [f"{revision}: {trouble}" for trouble in found + _mixtures(revision, texts) + _tables(revision, texts)]


def _run_by(texts: list[str], earlier: Sequence[Upgrade]) -> list[str]:
    """Return what stands in the functions that statements run, and in those that these run."""
    named, found = [name for text in texts if not functions([text]) for name in calls(text)], []
    known = functions([text for up in earlier for text in statements(up)] + texts) if named else {}
    seen = set(CALLED)
    while named:
        name = named.pop()
        if name not in seen and name in known:
            seen.add(name)
            found += within(known[name])
            named += calls(known[name])
    return found


def _locks(texts: list[str], earlier: Sequence[Upgrade]) -> Iterator[tuple[str, str]]:
    """Find the statements that hold a lock for long on a table that is not new."""
    new = _new_tables(texts)
    for text in texts:
        bare = unquoted(text)
        for pattern, instead in _STATEMENTS:
            hit = re.match(pattern, bare, re.IGNORECASE)
            if hit and plain(hit[1] or "") not in new:
                yield instead, text
        yield from ((instead, text) for instead in changed(bare, new))
        table, clauses = _altered(bare)
        if table in new:
            continue
        for clause in clauses:
            for pattern, instead in _CLAUSES:
                if re.match(pattern, clause, re.IGNORECASE):
                    yield instead, text
            hit = re.match(_NOT_NULL, clause, re.IGNORECASE)
            if hit and (table, plain(hit[1])) not in _proven(earlier):
                yield _NOT_NULL_INSTEAD, text


def _removals(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Find what takes something away that the version before may still use, or acts on what it writes."""
    say = "is removed that the version before may still use. If no running version does, say so in CONTRACTS."
    new = _new_tables(texts)
    for text in texts:
        bare = unquoted(text)
        table, clauses = _altered(bare)
        gone = [(_GONE, bare)] + [(_REMOVALS, clause) for clause in clauses if table not in new]
        for rules, part in gone:
            for pattern, what in rules:
                if re.match(pattern, part, re.IGNORECASE):
                    yield f"{what} {say}", text
        hit = re.match(_TRIGGER, bare, re.IGNORECASE)
        if hit and plain(hit[1]) not in new:
            yield "a trigger acts on what the version before writes, too. If it suits that, say so in CONTRACTS.", text


def _altered(text: str) -> tuple[str, list[str]]:
    """Return the table that a statement alters, and what it does there, clause by clause; nothing for another one."""
    hit = re.match(rf"ALTER (?:FOREIGN )?TABLE {_TABLE} ", text, re.IGNORECASE)
    return (plain(hit[1]), cut(text[hit.end() :], ",")) if hit else ("", [])


def _new_tables(texts: list[str]) -> set[str]:
    hits = (re.match(rf"CREATE (?:UNLOGGED )?TABLE {_TABLE}", text, re.IGNORECASE) for text in texts)
    return {plain(hit[1]) for hit in hits if hit}


def _proven(earlier: Sequence[Upgrade]) -> set[tuple[str, str]]:
    """Return the columns that a constraint, validated by now, says are never null."""
    said: dict[tuple[str, str], str] = {}
    proven = set()
    for table, clause in [(table, clause) for up in earlier for table, clause in _clauses_of(up)]:
        if hit := re.match(r"ADD CONSTRAINT (\S+) CHECK \(+\"?(\w+)\"? IS NOT NULL\)+", clause, re.IGNORECASE):
            said[table, plain(hit[1])] = plain(hit[2])
        if hit := re.match(r"VALIDATE CONSTRAINT (\S+)", clause, re.IGNORECASE):
            proven.add((table, said.get((table, plain(hit[1])), "")))
    return proven


def _clauses_of(upgrade: Upgrade) -> Iterator[tuple[str, str]]:
    for text in statements(upgrade):
        table, clauses = _altered(text)
        yield from ((table, clause) for clause in clauses)


def _mixtures(revision: str, texts: list[str]) -> list[str]:
    """Return what may not stand in one revision: it could not be run again, or holds a lock while rows are read."""
    if revision < FIRST_ALONE:
        return []
    found = []
    if "COMMIT" in texts:  # of an autocommit_block()
        begin, end = texts.index("COMMIT"), len(texts) - texts[::-1].index("BEGIN")
        beside = [*texts[:begin], *texts[end:]]
        beside += [text for text in texts[begin:end] if not re.match(rf"{_IN_THE_BLOCK}|COMMIT|BEGIN", text, re.I)]
        found += [
            f"what is done concurrently stands in a revision of its own: if it fails, what is beside it is done already"
            f" and cannot be run again. ({text[:90]})"
            for text in beside
        ]
    gone: set[str] = set()
    for text in texts:
        if hit := re.match(_DROPPED, text, re.IGNORECASE):
            gone.add(plain(hit[1]))
        if (hit := re.match(_MADE, text, re.IGNORECASE)) and plain(hit[1]) not in gone:
            found.append(
                f"a failed attempt leaves an index that is not valid: drop it first, as migrations.concurrently does."
                f" ({text[:90]})"
            )
    if any(re.match(_VALIDATED, text, re.IGNORECASE) for text in texts):
        found += [
            f"VALIDATE CONSTRAINT stands in a later revision, with others of its kind alone: here it reads the table"
            f" while this is still locked. ({text[:90]})"
            for text in texts
            if not re.match(_VALIDATED, text, re.IGNORECASE)
        ]
    return found


def _tables(revision: str, texts: list[str]) -> list[str]:
    """Return what is wrong where more than one table is altered: the first waits, locked, until the last is free."""
    new, held = _new_tables(texts), {}
    for text in texts:
        bare = unquoted(text)
        trigger = re.match(_TRIGGER, bare, re.IGNORECASE) or re.match(_NO_TRIGGER, bare, re.IGNORECASE)
        table = plain(trigger[1]) if trigger else _altered(bare)[0]
        if table and table not in new and not re.match(_VALIDATED, bare, re.IGNORECASE):
            held.setdefault(table, text)
    if revision < FIRST_ONE_TABLE or len(held) < 2:
        return []
    return [
        f"{' and '.join(sorted(held))} are altered in one transaction: whoever writes to the first waits for the last."
        f" Give each a revision of its own. ({list(held.values())[-1][:90]})"
    ]
