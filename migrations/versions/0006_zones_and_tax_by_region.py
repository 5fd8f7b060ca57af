"""zones, delivery by bands, and tax by region, name and day

Methods named their countries; a country is now in one zone. Countries that the same methods went to become a zone, and
a method that goes to several zones becomes one method in each. The tax of orders placed before is told by rate too.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

METHOD = (
    "code", "name", "description", "carrier", "price", "free_above", "min_days", "max_days", "position", "active",
)  # fmt: skip


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "delivery_zones",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_delivery_zones")),
        schema="orders",
    )
    op.create_table(
        "zone_places",
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("zone_code", sa.String(length=40), nullable=False),
        sa.CheckConstraint("place ~ '^([A-Z]{2}(-[A-Z0-9]{1,3})?|[*])$'", name=op.f("ck_zone_places_place")),
        sa.ForeignKeyConstraint(
            ["zone_code"], ["orders.delivery_zones.code"], name=op.f("fk_zone_places_zone_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_zone_places")),
        schema="orders",
    )
    op.create_index(op.f("ix_zone_places_zone_code"), "zone_places", ["zone_code"], unique=False, schema="orders")
    op.add_column("delivery_methods", sa.Column("zone_code", sa.String(length=40), nullable=True), schema="orders")
    op.add_column(
        "delivery_methods",
        sa.Column("priced_by", sa.String(length=10), server_default="flat", nullable=False),
        schema="orders",
    )
    op.add_column(
        "delivery_methods",
        sa.Column(
            "bands", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        schema="orders",
    )
    op.add_column("delivery_methods", sa.Column("cut_off", sa.Time(), nullable=True), schema="orders")
    op.create_index(
        op.f("ix_delivery_methods_zone_code"), "delivery_methods", ["zone_code"], unique=False, schema="orders"
    )
    op.create_foreign_key(
        op.f("fk_delivery_methods_zone_code"),
        "delivery_methods",
        "delivery_zones",
        ["zone_code"],
        ["code"],
        source_schema="orders",
        referent_schema="orders",
    )
    _countries_to_zones()
    op.alter_column("delivery_methods", "zone_code", nullable=False, schema="orders")
    op.drop_column("delivery_methods", "countries", schema="orders")
    op.create_check_constraint(
        op.f("ck_delivery_methods_priced_by"),
        "delivery_methods",
        "priced_by IN ('flat', 'weight', 'worth')",
        schema="orders",
    )
    op.create_check_constraint(
        op.f("ck_delivery_methods_bands"), "delivery_methods", "(priced_by = 'flat') = (bands = '[]')", schema="orders"
    )
    op.add_column(
        "lines", sa.Column("tax_name", sa.String(length=40), server_default="", nullable=False), schema="orders"
    )
    op.alter_column(
        "lines",
        "tax_basis_points",
        existing_type=sa.INTEGER(),
        type_=sa.Numeric(precision=8, scale=3),
        existing_nullable=False,
        schema="orders",
    )
    op.add_column(
        "orders",
        sa.Column(
            "taxes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        schema="orders",
    )
    op.add_column(
        "tax_rates", sa.Column("region", sa.String(length=3), server_default="", nullable=False), schema="orders"
    )
    op.add_column(
        "tax_rates", sa.Column("name", sa.String(length=40), server_default="VAT", nullable=False), schema="orders"
    )
    op.add_column(
        "tax_rates", sa.Column("tax_set", sa.String(length=20), server_default="", nullable=False), schema="orders"
    )
    op.execute("UPDATE orders.tax_rates SET valid_from = '2000-01-01' WHERE valid_from IS NULL")
    op.alter_column(
        "tax_rates", "valid_from", existing_type=sa.DATE(), server_default="2000-01-01", nullable=False, schema="orders"
    )
    op.drop_constraint(op.f("pk_tax_rates"), "tax_rates", schema="orders")
    op.create_primary_key(
        op.f("pk_tax_rates"), "tax_rates", ["country", "region", "tax_class", "valid_from"], schema="orders"
    )
    op.alter_column(
        "tax_rates",
        "basis_points",
        existing_type=sa.INTEGER(),
        type_=sa.Numeric(precision=8, scale=3),
        existing_nullable=False,
        schema="orders",
    )
    op.create_index("ix_tax_rates_tax_set", "tax_rates", ["tax_set"], unique=False, schema="orders")
    _tell_tax_by_rate()


def _countries_to_zones() -> None:
    connection = op.get_bind()
    table = sa.table(
        "delivery_methods",
        *(sa.column(name) for name in METHOD),
        sa.column("countries", postgresql.ARRAY(sa.String)),
        sa.column("zone_code"),
        schema="orders",
    )
    methods = connection.execute(sa.select(table).order_by(table.c.position, table.c.code)).mappings().all()
    reach: dict[str, list[str]] = {}
    for method in methods:
        for country in method["countries"]:
            reach.setdefault(country, []).append(method["code"])
    zones: dict[tuple[str, ...], list[str]] = {}
    for country, codes in sorted(reach.items()):
        zones.setdefault(tuple(codes), []).append(country)
    placed: set[str] = set()
    ordered = sorted(zones.items(), key=lambda zone: (-len(zone[1]), zone[1]))
    for number, (codes, countries) in enumerate(ordered, 1):
        values = {"code": f"zone-{number}", "name": _zone_name(countries), "position": number}
        connection.execute(sa.text("INSERT INTO orders.delivery_zones VALUES (:code, :name, :position)"), values)
        for country in countries:
            connection.execute(sa.text("INSERT INTO orders.zone_places VALUES (:place, :zone)"),
                               {"place": country, "zone": values["code"]})  # fmt: skip
        for method in methods:
            if method["code"] not in codes:
                continue
            if method["code"] in placed:
                copy = {name: method[name] for name in METHOD} | {"code": f"{method['code'][:33]}-{number}"}
                connection.execute(table.insert().values(**copy, countries=[], zone_code=values["code"]))
            else:
                connection.execute(
                    table.update().where(table.c.code == method["code"]).values(zone_code=values["code"])
                )
                placed.add(method["code"])
    connection.execute(table.delete().where(table.c.zone_code.is_(None)))


def _zone_name(countries: list[str]) -> str:
    return countries[0] if len(countries) == 1 else f"{countries[0]} and {len(countries) - 1} more"


def _tell_tax_by_rate() -> None:
    op.execute("UPDATE orders.lines SET tax_name = 'VAT' WHERE tax_basis_points > 0")
    # Delivery bore the standard rate, which is the highest of an order.
    op.execute(
        """
        WITH rates AS (
            SELECT order_id, tax_basis_points AS points, sum(total) AS worth, sum(tax) AS tax,
                row_number() OVER (PARTITION BY order_id ORDER BY tax_basis_points DESC) AS place
            FROM orders.lines WHERE tax_basis_points > 0 GROUP BY order_id, tax_basis_points
        ), told AS (
            SELECT o.id, r.points,
                r.tax + CASE WHEN place = 1 THEN o.delivery_tax ELSE 0 END AS amount,
                r.worth + CASE WHEN place = 1 AND o.delivery_tax > 0 THEN o.delivery ELSE 0 END AS worth,
                CASE WHEN place = 1 THEN o.delivery_tax ELSE 0 END AS delivery, o.tax_included
            FROM rates r JOIN orders.orders o ON o.id = r.order_id
        )
        UPDATE orders.orders o SET taxes = t.taxes FROM (
            SELECT id, jsonb_agg(jsonb_build_object(
                'name', 'VAT', 'basis_points', points::text, 'amount', amount, 'delivery', delivery,
                'net', CASE WHEN tax_included THEN worth - amount ELSE worth END
            ) ORDER BY points DESC) AS taxes FROM told GROUP BY id
        ) t WHERE t.id = o.id
        """
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_tax_rates_tax_set", table_name="tax_rates", schema="orders")
    op.execute(
        "DELETE FROM orders.tax_rates t WHERE region <> '' OR EXISTS (SELECT FROM orders.tax_rates o"
        " WHERE o.country = t.country AND o.tax_class = t.tax_class AND o.valid_from > t.valid_from)"
    )
    op.drop_constraint(op.f("pk_tax_rates"), "tax_rates", schema="orders")
    op.create_primary_key(op.f("pk_tax_rates"), "tax_rates", ["country", "tax_class"], schema="orders")
    op.alter_column(
        "tax_rates",
        "basis_points",
        existing_type=sa.Numeric(precision=8, scale=3),
        type_=sa.INTEGER(),
        existing_nullable=False,
        schema="orders",
    )
    op.alter_column(
        "tax_rates", "valid_from", existing_type=sa.DATE(), server_default=None, nullable=True, schema="orders"
    )
    op.drop_column("tax_rates", "tax_set", schema="orders")
    op.drop_column("tax_rates", "name", schema="orders")
    op.drop_column("tax_rates", "region", schema="orders")
    op.drop_column("orders", "taxes", schema="orders")
    op.alter_column(
        "lines",
        "tax_basis_points",
        existing_type=sa.Numeric(precision=8, scale=3),
        type_=sa.INTEGER(),
        existing_nullable=False,
        schema="orders",
    )
    op.drop_column("lines", "tax_name", schema="orders")
    op.add_column(
        "delivery_methods",
        sa.Column("countries", postgresql.ARRAY(sa.VARCHAR(length=2)), server_default="{}", nullable=False),
        schema="orders",
    )
    op.execute(
        "UPDATE orders.delivery_methods m SET countries = ARRAY(SELECT DISTINCT substr(place, 1, 2)"
        " FROM orders.zone_places p WHERE p.zone_code = m.zone_code AND place <> '*')"
    )
    op.alter_column("delivery_methods", "countries", server_default=None, schema="orders")
    op.drop_constraint(op.f("ck_delivery_methods_bands"), "delivery_methods", schema="orders")
    op.drop_constraint(op.f("ck_delivery_methods_priced_by"), "delivery_methods", schema="orders")
    op.drop_constraint(op.f("fk_delivery_methods_zone_code"), "delivery_methods", schema="orders", type_="foreignkey")
    op.drop_index(op.f("ix_delivery_methods_zone_code"), table_name="delivery_methods", schema="orders")
    op.drop_column("delivery_methods", "cut_off", schema="orders")
    op.drop_column("delivery_methods", "bands", schema="orders")
    op.drop_column("delivery_methods", "priced_by", schema="orders")
    op.drop_column("delivery_methods", "zone_code", schema="orders")
    op.drop_index(op.f("ix_zone_places_zone_code"), table_name="zone_places", schema="orders")
    op.drop_table("zone_places", schema="orders")
    op.drop_table("delivery_zones", schema="orders")
