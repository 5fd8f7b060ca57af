"""What a migration would run, as single statements and clauses, without running it."""

import io
import re
from collections.abc import Callable
from functools import cache

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

_TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|(?P<comment>--[^\n]*|/\*.*?\*/)|[^'\"$/()\[\];,-]+|.",
    re.DOTALL,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_BODY = re.compile(r"\$(?P<tag>\w*)\$(?P<body>.*)\$(?P=tag)\$", re.DOTALL)
_WORTH_A_LOOK = re.compile(
    r"\b(?:ALTER|CREATE (?:UNIQUE )?INDEX|CREATE TRIGGER|DROP|LOCK|REINDEX|CLUSTER|VACUUM|REFRESH|TRUNCATE|"
    r"(?<!\bFOR )(?<!\bKEY )(?<!\bDO )(?<!\bON )(?<!\bOR )UPDATE|DELETE FROM|MERGE INTO)\b.*",
    re.I,
)
_DEFINED = re.compile(r"CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) \"?([\w.\"]+?)\"?\(", re.I)
_CALLED = re.compile(r"\b(?:SELECT|PERFORM|CALL) \"?([\w.\"]+?)\"?\(", re.I)


@cache
def statements(upgrade: Callable[[], None]) -> list[str]:
    """Return what a migration would run, each statement on one line; those within a DO block come after it."""
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "transaction_per_migration": True}
    )
    with Operations.context(context):
        upgrade()
    found = []
    for text in cut(written.getvalue().replace("%%", "%"), ";"):
        found.append(text)
        if text.upper().startswith("DO "):
            found += within(text)
    return found


def within(code: str) -> list[str]:
    """Return the statements in a block or a function that are worth a look, those it puts together as texts too.

    What a loop repeats is done in one transaction: there, a LIMIT limits nothing, and goes.
    """
    pieces = _body(code)
    loops = any(re.search(r"\bLOOP\b", unquoted(piece), re.I) for piece in pieces)
    found = []
    for piece in pieces:
        texts = [text[1:-1].replace("''", "'") for text in _QUOTED.findall(piece)]
        for text in (unquoted(piece), *texts):
            found += [seen[0].strip() for seen in _WORTH_A_LOOK.finditer(text)]
    return [re.sub(r"\bLIMIT \d+", "", text) for text in found] if loops else found


def functions(texts: list[str]) -> dict[str, str]:
    """Return the functions that statements define, by name, with their code."""
    return {plain(hit[1]): text for text in texts if (hit := _DEFINED.match(text))}


def calls(text: str) -> list[str]:
    """Return the functions that a statement runs; of one that defines a function, those that this runs."""
    pieces = _body(text) if _DEFINED.match(text) else [text]
    return [plain(name) for piece in pieces for name in _CALLED.findall(unquoted(piece))]


def _body(code: str) -> list[str]:
    """Return what stands in a block or a function, cut at its semicolons."""
    hit = _BODY.search(code)
    return cut(hit["body"] if hit else code, ";")


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
