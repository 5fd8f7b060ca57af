"""What a merchant owns beside products, kind by kind: each a statement whose rows are JSON.

No kind holds a password, a key, or anything that signs somebody in.
"""

_SIGN_IN = ("password_hash", "session_key", "totp_secret", "totp_step", "totp_confirmed_at", "recovery_hashes")
SECRETS = {
    "users.shoppers": _SIGN_IN,
    "users.staff": _SIGN_IN,
    "orders.orders": ("access_key", "checkout_token", "cart_id"),
    "payments.payments": ("redirect_url",),
}  # fmt: skip
"""The columns that stay where they are."""


def _row(table: str, alias: str) -> str:
    without = ", ".join(f"'{name}'" for name in SECRETS.get(table, ()))
    return f"to_jsonb({alias}) - ARRAY[{without}]::text[]" if without else f"to_jsonb({alias})"


def _below(table: str, column: str, parent: str = "t.id", order: str = "id", more: str = "") -> str:
    inner = f"{_row(table, 'b')} - '{column}'{more}"
    return f"coalesce((SELECT jsonb_agg({inner} ORDER BY b.{order}) FROM {table} b WHERE b.{column} = {parent}), '[]')"  # noqa: S608


def _all(table: str, order: str, **below: str) -> str:
    parts = "".join(f" || jsonb_build_object('{name}', {sql})" for name, sql in below.items())
    return f"SELECT {_row(table, 't')}{parts} FROM {table} t ORDER BY {order}"  # noqa: S608


def _settings() -> str:
    tables = {
        "users.roles": "name", "orders.delivery_zones": "code", "orders.zone_places": "place",
        "orders.delivery_methods": "code", "orders.tax_rates": "country, region, tax_class, valid_from",
        "notifications.staff_alerts": "template, email", "notifications.suppressions": "email",
        "catalog.synonyms": "id", "shared.preferences": "name", "orders.paper_counters": "kind",
    }  # fmt: skip
    return " UNION ALL ".join(
        f"(SELECT jsonb_build_object('table', '{table}') || to_jsonb(t) FROM {table} t ORDER BY {order})"  # noqa: S608
        for table, order in tables.items()
    )


KINDS: dict[str, str] = {
    "categories": _all(
        "catalog.categories", "t.path", old_paths=_below("catalog.old_paths", "category_id", order="path"),
    ),
    "brands": _all("catalog.brands", "t.slug", old_slugs=_below("catalog.old_brand_slugs", "brand_id", order="slug")),
    "product_types": _all("catalog.product_types", "t.name"),
    "collections": _all(
        "catalog.collections", "t.slug",
        products="coalesce((SELECT jsonb_agg(p.slug ORDER BY c.position, p.slug) FROM catalog.collection_products c"
                 " JOIN catalog.products p ON p.id = c.product_id WHERE c.collection_id = t.id), '[]')",
        old_slugs=_below("catalog.old_collection_slugs", "collection_id", order="slug"),
    ),
    "stock_movements": "SELECT to_jsonb(t) || jsonb_build_object('sku', v.sku) FROM catalog.stock_movements t"
                       " JOIN catalog.variants v ON v.id = t.variant_id ORDER BY t.id",
    "customers": _all("users.shoppers", "t.id", addresses=_below("users.addresses", "shopper_id")),
    "orders": _all(
        "orders.orders", "t.id",
        lines=_below("orders.lines", "order_id", order="position"),
        shipments=_below("orders.shipments", "order_id"),
        shipment_lines="coalesce((SELECT jsonb_agg(to_jsonb(l)) FROM orders.shipment_lines l JOIN orders.shipments s"
                       " ON s.id = l.shipment_id WHERE s.order_id = t.id), '[]')",
        payments=_below("payments.payments", "order_id"),
        refunds="coalesce((SELECT jsonb_agg(to_jsonb(r) ORDER BY r.id) FROM payments.refunds r JOIN payments.payments p"
                " ON p.id = r.payment_id WHERE p.order_id = t.id), '[]')",
        refund_parts=_below("orders.refund_parts", "order_id"),
        returns=_below("orders.returns", "order_id"),
        return_lines="coalesce((SELECT jsonb_agg(to_jsonb(l)) FROM orders.return_lines l JOIN orders.returns r"
                     " ON r.id = l.return_id WHERE r.order_id = t.id), '[]')",
        papers=_below("orders.papers", "order_id"),
        timeline=_below("orders.timeline", "order_id"),
        redemptions=_below("promotions.redemptions", "order_id"),
    ),
    "promotions": _all("promotions.promotions", "t.id", codes=_below("promotions.codes", "promotion_id")),
    "reviews": _all("reviews.reviews", "t.id"),
    "staff": _all("users.staff", "t.id"),
    "settings": _settings(),
}  # fmt: skip
"""Every kind by the name of its file."""
