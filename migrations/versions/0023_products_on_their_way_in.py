"""products on their way in"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"

TEXTS = postgresql.ARRAY(sa.Text())
JSON = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
COUNTS = ("rows", "products", "place", "made", "changed", "same", "refused", "rows_refused", "stock_left", "pictures")


def upgrade() -> None:
    """Apply the change."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "imports",
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("unread", TEXTS, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("problem", sa.String(length=500), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("moved_at", moment, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint(
            "state IN ('coming', 'reading', 'looking', 'looked', 'writing', 'done', 'failed', 'stopped')",
            name=op.f("ck_imports_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        schema="catalog",
    )
    op.create_table(
        "import_pieces",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _of_import("import_pieces", "CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_pieces")),
        schema="catalog",
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key", "sku", "parent")),
        sa.Column("names", TEXTS, nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("cells", JSON, nullable=False),
        _of_import("import_rows", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        schema="catalog",
    )
    op.create_index("ix_import_rows_place", "import_rows", ["import_id", "place", "line"], schema="catalog")
    op.create_index("ix_import_rows_sku", "import_rows", ["import_id", "sku"], schema="catalog")
    op.create_table(
        "import_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("column", "sku", "message", "advice")),
        _of_import("import_notes", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_notes")),
        schema="catalog",
    )
    op.create_index("ix_import_notes_import_id", "import_notes", ["import_id", "id"], schema="catalog")
    op.create_table(
        "wanted_pictures",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("skus", TEXTS, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("state IN ('wanted', 'fetched', 'missing')", name=op.f("ck_wanted_pictures_state")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["catalog.products.id"], name=op.f("fk_wanted_pictures_product_id"), ondelete="CASCADE"
        ),
        _of_import("wanted_pictures", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_pictures")),
        schema="catalog",
    )
    op.create_index("ix_wanted_pictures_import_id", "wanted_pictures", ["import_id"], schema="catalog")
    op.create_index(
        "uq_wanted_pictures_product_url", "wanted_pictures", ["product_id", sa.text("md5(url)")], unique=True,
        schema="catalog",
    )  # fmt: skip
    op.create_index(
        "ix_wanted_pictures_due", "wanted_pictures", ["next_try_at"], schema="catalog",
        postgresql_where=sa.text("state = 'wanted'"),
    )  # fmt: skip
    op.execute("SELECT shared.watch_tables()")


def downgrade() -> None:
    """Take the change back."""
    for name in ("wanted_pictures", "import_notes", "import_rows", "import_pieces", "imports"):
        op.drop_table(name, schema="catalog")


def _of_import(table: str, when_gone: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_import_id")
    return sa.ForeignKeyConstraint(["import_id"], ["catalog.imports.id"], name=name, ondelete=when_gone)
