"""docs/data-model.md: an entity-relationship diagram of each context, from the tables themselves."""

import inspect

from sqlalchemy import Column, Table
from sqlalchemy.orm import Mapper

from domain import schema
from domain.shared.db import CONTEXTS, Base

HEAD = """# The data model

Generated from the models by `./shop docs`; do not edit by hand.

Each context owns a PostgreSQL schema of its own name. A line between boxes is a foreign key inside the context; keys
into other contexts are listed under the diagram. Amounts are whole minor units of a currency; times carry their zone.
"""


def data_model() -> str:
    """Write one Mermaid diagram and one list of tables per context."""
    return HEAD + "".join(_context(name) for name in CONTEXTS if _tables(name))


def _tables(context: str) -> list[Table]:
    return sorted((t for t in schema.metadata.tables.values() if t.schema == context), key=lambda t: t.name)


def _context(context: str) -> str:
    tables = _tables(context)
    lines = [f"\n## {context}\n", "```mermaid", "erDiagram"]
    outside = []
    for table in tables:
        lines.append(f"  {table.name} {{")
        lines += [f"    {_type(column)} {column.name}{_keys(column)}" for column in table.columns]
        lines.append("  }")
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.target_fullname.rsplit(".", 1)[0]
                if target.startswith(f"{context}."):
                    many = "|o" if column.nullable else "||"
                    lines.append(f"  {target.split('.')[1]} {many}--o{{ {table.name} : {column.name}")
                else:
                    outside.append(f"- `{table.name}.{column.name}` points to `{key.target_fullname}`")
    lines.append("```\n")
    lines += [f"- **{table.name}**: {_meaning(table)}" for table in tables]
    lines += outside
    return "\n".join(lines) + "\n"


def _type(column: Column[object]) -> str:
    return str(column.type.compile()).lower().split("(")[0].replace(" ", "_") if _plain(column) else _special(column)


def _plain(column: Column[object]) -> bool:
    return column.type.__class__.__module__.startswith("sqlalchemy.sql")


def _special(column: Column[object]) -> str:
    item = getattr(column.type, "item_type", None)
    return f"{item.__class__.__name__.lower()}_array" if item is not None else column.type.__class__.__name__.lower()


def _keys(column: Column[object]) -> str:
    keys = [*(["PK"] if column.primary_key else []), *(["FK"] if column.foreign_keys else [])]
    keys += ["UK"] if column.unique else []
    return f" {', '.join(keys)}" if keys else ""


def _meaning(table: Table) -> str:
    mapper: Mapper[object] = next(m for m in Base.registry.mappers if m.local_table is table)
    return " ".join((inspect.getdoc(mapper.class_) or "").split())
