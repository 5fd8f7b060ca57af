"""what new rules say is looked up in old rows"""

from alembic import op

revision = "0031"
down_revision = "0030"

# Each was added NOT VALID: new rows follow it since then. Reading the old ones takes long, but nobody waits for it.
RULES = (
    ("catalog.variants", "ck_variants_sale_price"),
    ("catalog.variants", "ck_variants_sale_window"),
    ("catalog.variants", "ck_variants_cost"),
    ("catalog.variants", "ck_variants_measure"),
    ("catalog.pictures", "ck_pictures_state"),
    ("catalog.products", "fk_products_type_id"),
    ("notifications.messages", "ck_messages_state"),
)


def upgrade() -> None:
    """Apply the change."""
    for table, name in RULES:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    """Take nothing back: a rule that was looked up stays so until it goes."""
