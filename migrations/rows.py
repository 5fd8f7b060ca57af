"""Which changes of rows would hold many of them until the migration ends.

A row that a migration has changed is locked until its transaction ends: whoever pays, reserves or signs in just then
waits. So old rows are filled in steps, each a transaction of its own (`migrations.steps`), or few of them are changed.
Rows that only go in lock nobody out, and a table that the same revision makes has no readers yet.
"""

import re
from collections.abc import Iterator

from migrations.sql import plain

MOST = 5000
"""Rows that one statement may change: well under a second."""

SMALL = {
    "notifications.channels": "one row for each way of sending that a shop has",
    "shared.exports": "files that staff asked for and that are kept for days",
    "shared.preferences": "one row for each thing that an owner decides",
    "users.roles": "made by hand, a dozen in a large shop, and read with each request from memory",
}
"""Tables whose rows may be changed all at once, and why there are never many of them."""

_NAME = r'(?:ONLY )?"?([^\s("]+(?:"?\."?[^\s("]+)?)"?'
_CHANGES = (
    rf"(?<!\bFOR )(?<!\bKEY )(?<!\bDO )(?<!\bON )(?<!\bOR )(?<!\bBEFORE )(?<!\bAFTER )\bUPDATE(?: {_NAME})?(?= |$)",
    rf"\bDELETE FROM(?: {_NAME})?(?= |$)",
    rf"\bMERGE INTO(?: {_NAME})?(?= |$)",
    rf"\bINSERT INTO {_NAME}(?!.*\bVALUES\b)(?=.*\bON CONFLICT\b.*\bDO UPDATE\b)",
)
_NOT_RUN = r"(?:CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|DO) "
_LIMITS = r"\b(?:IN|ANY) ?\((?:ARRAY ?\()?SELECT .*\bLIMIT (\d+)\b"

_INSTEAD = (
    f"this changes rows of {{}} that stay locked until the migration ends: fill them in steps (migrations.steps),"
    f" change {MOST} at most (WHERE … IN (SELECT … LIMIT n)), or say in migrations.rows why the table is small"
)


def changed(text: str, new: set[str]) -> Iterator[str]:
    """Find what a statement without its texts would change of tables that are neither new nor small, and say so."""
    if re.match(_NOT_RUN, text, re.IGNORECASE):
        return
    limits = [int(number) for number in re.findall(_LIMITS, text, re.IGNORECASE)]
    if limits and max(limits) <= MOST:
        return
    for pattern in _CHANGES:
        for hit in re.finditer(pattern, text, re.IGNORECASE):
            table = plain(hit[1] or "")
            if table not in new and table not in SMALL:
                yield _INSTEAD.format(table or "a table that cannot be read here")
