"""the ledger of the stock and issued papers only grow"""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = ("catalog.stock_movements", "orders.papers")


def upgrade() -> None:
    """Apply the change."""
    op.execute(
        """
        CREATE FUNCTION shared.only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'Rows of %.% are only ever added.', TG_TABLE_SCHEMA, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION shared.only_grows()"
        )


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.execute(f"DROP TRIGGER only_grows ON {table}")
    op.execute("DROP FUNCTION shared.only_grows()")
