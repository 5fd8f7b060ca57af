"""How days are counted from the facts: what the kept sums are made of, and what reports read where none is kept.

Each statement counts by the day of the shop's own calendar, within spans that begin at `:sinces` and end at `:untils`.
"""

# OFFSET 0 has PostgreSQL look up each span by the index: it cannot know that there are few spans, mostly none, and
# would read all facts rather.
_SPANS = "unnest(CAST(:sinces AS timestamptz[]), CAST(:untils AS timestamptz[])) AS span(since, until)"
_WITHIN = "{0} >= span.since AND {0} < span.until"
_DAY = "CAST({} AT TIME ZONE :timezone AS date) AS first"
_STANDS = "o.paid_at IS NOT NULL AND o.cancelled_at IS NULL"
_ORDERS = f"""{_SPANS} CROSS JOIN LATERAL (
    SELECT * FROM analytics.order_facts WHERE {_WITHIN.format("placed_at")} OFFSET 0
) o"""  # noqa: S608 - the parts are written above
_LINES = f"""{_SPANS} CROSS JOIN LATERAL (
    SELECT o.placed_at, o.currency, l.* FROM analytics.order_facts o
    JOIN analytics.line_facts l ON l.order_id = o.order_id WHERE {_WITHIN.format("o.placed_at")} AND {_STANDS} OFFSET 0
) l"""  # noqa: S608


def _whole(amount: str) -> str:
    # A sum of bigints is a numeric, which takes several times as long to add up once more.
    return f"CAST({amount} AS bigint)"


FIGURES = f"""
    SELECT {_DAY.format("o.placed_at")}, o.currency, count(*) AS orders, count(*) FILTER (WHERE {_STANDS}) AS paid,
        {_whole(f"coalesce(sum(o.units) FILTER (WHERE {_STANDS}), 0)")} AS units,
        {_whole(f"coalesce(sum(o.refunded) FILTER (WHERE {_STANDS}), 0)")} AS refunded,
        {_whole(f"coalesce(sum(o.total - o.refunded) FILTER (WHERE {_STANDS}), 0)")} AS revenue
    FROM {_ORDERS} GROUP BY first, o.currency
"""  # noqa: S608
CARTS = f"""
    SELECT {_DAY.format("c.opened_at")}, count(*) AS carts,
        count(*) FILTER (WHERE coalesce(c.checkout_at, c.ordered_at) IS NOT NULL) AS checkouts,
        count(c.ordered_at) AS ordered, count(c.paid_at) AS paid
    FROM {_SPANS} CROSS JOIN LATERAL (
        SELECT * FROM analytics.cart_facts WHERE {_WITHIN.format("opened_at")} AND merged_at IS NULL OFFSET 0
    ) c GROUP BY first
"""  # noqa: S608


def _of_lines(key: str, label: str) -> str:
    return f"""
        SELECT {_DAY.format("l.placed_at")}, l.currency, {key} AS key, {label} AS label,
            count(DISTINCT l.order_id) AS orders, sum(l.units) AS units, sum(l.back) AS back,
            {_whole("sum(l.total)")} AS amount
        FROM {_LINES} GROUP BY first, l.currency, {key}
    """  # noqa: S608


def _of_orders(key: str) -> str:
    return f"""
        SELECT {_DAY.format("o.placed_at")}, o.currency, {key} AS key, {key} AS label, count(*) AS orders,
            sum(o.units) AS units, CAST(0 AS bigint) AS back, {_whole("sum(o.total - o.refunded)")} AS amount
        FROM {_ORDERS} WHERE {_STANDS} AND {key} <> '' GROUP BY first, o.currency, {key}
    """  # noqa: S608


SHARES = {
    "product": _of_lines("l.sku", "max(l.title)"),
    "category": _of_lines("l.category_path", "l.category_path"),
    "country": _of_orders("o.country"),
    "code": _of_orders("o.code"),
}
"""What sales are shared out by."""
