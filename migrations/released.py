"""`python -m migrations.released`: record what the models of this release know of the database, for the next one.

During a deployment the release before works on the schema of the new one, and turning back leaves it there. So a
test reads and writes the tables as the recorded release does, on the schema of now. Run this when a release is cut, not
with a change: the record is the release that runs, not the code that is being written.
"""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import dialect

POSTGRESQL = dialect()  # type: ignore[no-untyped-call]
RECORD = Path(__file__).with_name("released.json")


def shape(metadata: MetaData) -> dict[str, dict[str, str]]:
    """Return the columns of every table that are written, with their types as PostgreSQL has them."""
    return {
        str(table): {
            column.name: column.type.compile(dialect=POSTGRESQL) for column in table.columns if column.computed is None
        }
        for table in sorted(metadata.tables.values(), key=str)
    }


def written(found: dict[str, dict[str, str]], revision: str) -> str:
    """Return the record: a table a line, so that a change of it can be read."""
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(columns)}" for name, columns in found.items())
    return f'{{\n  "revision": {json.dumps(revision)},\n  "tables": {{\n{lines}\n  }}\n}}\n'


def recorded() -> dict[str, Any]:
    """Return the release that was recorded last."""
    found: dict[str, Any] = json.loads(RECORD.read_text())
    return found


if __name__ == "__main__":
    from domain import schema
    from web.health import revisions

    RECORD.write_text(written(shape(schema.metadata), revisions()[0]))
    print(f"{RECORD.name} now holds the release at {revisions()[0]}.")
