"""kept sums for the reports and the worth of the stock, and what changed since they were kept"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

LAST_LEFT_OUT = "'shared.idempotency_keys'"
"""The end of the list of tables that the audit log leaves alone; the function is taken as it is now."""

FACTS_CHANGED = """
    CREATE FUNCTION analytics.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        was timestamptz;
        became timestamptz;
    BEGIN
        IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) ->> TG_ARGV[0]; END IF;
        IF TG_OP <> 'DELETE' THEN became := to_jsonb(NEW) ->> TG_ARGV[0]; END IF;
        INSERT INTO analytics.fact_changes (at)
        SELECT DISTINCT at FROM unnest(ARRAY[was, became]) AS moments(at) WHERE at IS NOT NULL;
        RETURN NULL;
    END $$
    """
WORTH_CHANGED = """
    CREATE FUNCTION catalog.note_worth() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'stock' THEN
            -- Where the variant is gone too, its own trigger says so.
            INSERT INTO catalog.worth_changes (product_id)
            SELECT product_id FROM catalog.variants WHERE id = coalesce(NEW.variant_id, OLD.variant_id);
        ELSIF TG_TABLE_NAME = 'variants' THEN
            INSERT INTO catalog.worth_changes (product_id) VALUES (coalesce(NEW.product_id, OLD.product_id));
        ELSE
            INSERT INTO catalog.worth_changes (product_id) VALUES (coalesce(NEW.id, OLD.id));
        END IF;
        RETURN NULL;
    END $$
    """
TRIGGERS = (
    ("note_fact", "analytics.order_facts", "INSERT OR UPDATE OR DELETE", "analytics.note_change('placed_at')"),
    ("note_fact", "analytics.cart_facts", "INSERT OR UPDATE OR DELETE", "analytics.note_change('opened_at')"),
    ("note_worth", "catalog.stock", "INSERT OR DELETE", "catalog.note_worth()"),
    # Reserving moves nothing: it must not cost orders anything either.
    ("note_moved", "catalog.stock", "UPDATE", "catalog.note_worth()", "OLD.on_hand IS DISTINCT FROM NEW.on_hand"),
    ("note_worth", "catalog.variants", "DELETE", "catalog.note_worth()"),
    ("note_cost", "catalog.variants", "UPDATE", "catalog.note_worth()", "OLD.cost IS DISTINCT FROM NEW.cost"),
    ("note_worth", "catalog.products", "DELETE", "catalog.note_worth()"),
    (
        "note_place", "catalog.products", "UPDATE", "catalog.note_worth()",
        "OLD.category_id IS DISTINCT FROM NEW.category_id",
    ),
)  # fmt: skip


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "fact_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_changes")),
        schema="analytics",
    )
    op.create_index("ix_fact_changes_at", "fact_changes", ["at"], schema="analytics")
    op.create_table(
        "kept_zone",
        sa.Column("one", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_kept_zone_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_kept_zone")),
        schema="analytics",
    )
    op.create_table(
        "kept_figures",
        *_span(),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False)
          for name in ("orders", "paid", "units", "refunded", "revenue")),
        sa.PrimaryKeyConstraint("size", "first", "currency", name=op.f("pk_kept_figures")),
        schema="analytics",
    )  # fmt: skip
    op.create_table(
        "kept_shares",
        sa.Column("by", sa.String(length=8), nullable=False),
        *_span(),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("orders", "units", "back", "amount")),
        sa.PrimaryKeyConstraint("by", "size", "first", "currency", "key", name=op.f("pk_kept_shares")),
        schema="analytics",
    )
    op.create_table(
        "kept_carts",
        *_span(),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("carts", "checkouts", "ordered", "paid")),
        sa.PrimaryKeyConstraint("size", "first", name=op.f("pk_kept_carts")),
        schema="analytics",
    )
    op.create_table(
        "worth_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worth_changes")),
        schema="catalog",
    )
    op.create_index("ix_worth_changes_product_id", "worth_changes", ["product_id"], schema="catalog")
    op.create_table(
        "product_worth",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("units", "at_cost", "without_cost")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_worth")),
        schema="catalog",
    )
    # Neither says anything that the log has not from the rows that staff changed.
    _leave_out(LAST_LEFT_OUT, f"{LAST_LEFT_OUT}, 'catalog.worth_changes', 'catalog.product_worth'")
    op.execute(FACTS_CHANGED)
    op.execute(WORTH_CHANGED)
    for name, table, when, function, *conditions in TRIGGERS:
        condition = "".join(f" WHEN ({one})" for one in conditions)
        op.execute(f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {function}")


def downgrade() -> None:
    """Take the change back."""
    for name, table, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP FUNCTION catalog.note_worth()")
    op.execute("DROP FUNCTION analytics.note_change()")
    _leave_out(f"{LAST_LEFT_OUT}, 'catalog.worth_changes', 'catalog.product_worth'", LAST_LEFT_OUT)
    for table in ("product_worth", "worth_changes"):
        op.drop_table(table, schema="catalog")
    for table in ("kept_carts", "kept_shares", "kept_figures", "kept_zone", "fact_changes"):
        op.drop_table(table, schema="analytics")


def _span() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("size", sa.String(length=5), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
    )


def _leave_out(old: str, new: str) -> None:
    op.execute(
        f"DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('shared.watch_tables'::regproc), $w${old}$w$, $w${new}$w$); "
        "END $do$"
    )
