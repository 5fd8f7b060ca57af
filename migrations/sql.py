"""What a migration would run, as single statements and clauses, without running it."""

import io
import re
from collections.abc import Callable

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|(?P<comment>--[^\n]*|/\*.*?\*/)|[^'\"$/()\[\];,-]+|.",
    re.DOTALL,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WORTH_A_LOOK = re.compile(
    r"\b(?:ALTER|CREATE (?:UNIQUE )?INDEX|CREATE TRIGGER|DROP|LOCK|REINDEX|CLUSTER|VACUUM|REFRESH|TRUNCATE)\b[^;']*",
    re.I,
)


def statements(upgrade: Callable[[], None]) -> list[str]:
    """Return what a migration would run, each statement on one line; those within a DO block come after it."""
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "transaction_per_migration": True}
    )
    with Operations.context(context):
        upgrade()
    found = []
    for text in cut(written.getvalue(), ";"):
        found.append(text)
        if text.upper().startswith("DO "):
            found += [within.strip() for within in _WORTH_A_LOOK.findall(text)]
    return found


def cut(text: str, at: str) -> list[str]:
    """Cut at each separator that stands outside of quotes and brackets; comments go, and white space is one blank."""
    pieces, depth = [""], 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        depth += (word in ("(", "[")) - (word in (")", "]"))
        if word == at and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += " " if token["comment"] else word
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def unquoted(text: str) -> str:
    """Return a statement with its texts emptied, so that what they say is not taken for SQL."""
    return _QUOTED.sub("''", text)


def plain(name: str) -> str:
    """Return the name of a table or an index as PostgreSQL folds it."""
    return name.replace('"', "").lower()
