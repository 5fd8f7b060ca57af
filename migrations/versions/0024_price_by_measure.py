"""price by measure"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

WHOLE = "num_nulls(measure_amount, measure_unit, measure_base) IN (0, 3) AND measure_amount > 0 AND measure_base > 0"


def upgrade() -> None:
    """Apply the change."""
    for name, kind in (
        ("measure_amount", sa.Numeric(12, 3)),
        ("measure_unit", sa.String(length=8)),
        ("measure_base", sa.Numeric(12, 3)),
    ):
        op.add_column("variants", sa.Column(name, kind, nullable=True), schema="catalog")
    op.create_check_constraint(
        op.f("ck_variants_measure"), "variants", WHOLE, schema="catalog", postgresql_not_valid=True
    )


def downgrade() -> None:
    """Take the change back."""
    for name in ("measure_base", "measure_unit", "measure_amount"):
        op.drop_column("variants", name, schema="catalog")
