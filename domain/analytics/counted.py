"""How days are counted from the facts: what the kept sums are made of, and what reports read where none is kept.

Each statement counts by the day of the shop's own calendar, within spans that begin at `:sinces` and end at `:untils`.
"""

_SPANS = "unnest(CAST(:sinces AS timestamptz[]), CAST(:untils AS timestamptz[])) AS span(since, until)"
_ORDERS = f"{_SPANS} JOIN analytics.order_facts o ON o.placed_at >= span.since AND o.placed_at < span.until"
_DAY = "CAST({moment} AT TIME ZONE :timezone AS date) AS first"
_ORDER_DAY = _DAY.format(moment="o.placed_at")
_STANDS = "o.paid_at IS NOT NULL AND o.cancelled_at IS NULL"

FIGURES = f"""
    SELECT {_ORDER_DAY}, o.currency, count(*) AS orders, count(*) FILTER (WHERE {_STANDS}) AS paid,
        coalesce(sum(o.units) FILTER (WHERE {_STANDS}), 0) AS units,
        coalesce(sum(o.refunded) FILTER (WHERE {_STANDS}), 0) AS refunded,
        coalesce(sum(o.total - o.refunded) FILTER (WHERE {_STANDS}), 0) AS revenue
    FROM {_ORDERS} GROUP BY first, o.currency
"""  # noqa: S608 - the parts are written above
CARTS = f"""
    SELECT {_DAY.format(moment="c.opened_at")}, count(*) AS carts,
        count(*) FILTER (WHERE coalesce(c.checkout_at, c.ordered_at) IS NOT NULL) AS checkouts,
        count(c.ordered_at) AS ordered, count(c.paid_at) AS paid
    FROM {_SPANS} JOIN analytics.cart_facts c ON c.opened_at >= span.since AND c.opened_at < span.until
    WHERE c.merged_at IS NULL GROUP BY first
"""  # noqa: S608


def _of_lines(key: str, label: str) -> str:
    return f"""
        SELECT {_ORDER_DAY}, o.currency, {key} AS key, {label} AS label, count(DISTINCT o.order_id) AS orders,
            sum(l.units) AS units, sum(l.back) AS back, sum(l.total) AS amount
        FROM {_ORDERS} JOIN analytics.line_facts l ON l.order_id = o.order_id
        WHERE {_STANDS} GROUP BY first, o.currency, {key}
    """  # noqa: S608


def _of_orders(key: str) -> str:
    return f"""
        SELECT {_ORDER_DAY}, o.currency, {key} AS key, {key} AS label, count(*) AS orders, sum(o.units) AS units,
            0 AS back, sum(o.total - o.refunded) AS amount
        FROM {_ORDERS} WHERE {_STANDS} AND {key} <> '' GROUP BY first, o.currency, {key}
    """  # noqa: S608


SHARES = {
    "product": _of_lines("l.sku", "max(l.title)"),
    "category": _of_lines("l.category_path", "l.category_path"),
    "country": _of_orders("o.country"),
    "code": _of_orders("o.code"),
}
"""What sales are shared out by."""
