"""What the stock promises."""

from cli.audit.check import Check

STOCK = (
    Check(
        "stock on hand equals its ledger",
        """
        SELECT v.sku, format('on hand %s, ledger says %s', s.on_hand, coalesce(m.on_hand, 0))
        FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
        LEFT JOIN (SELECT variant_id, sum(on_hand) AS on_hand FROM catalog.stock_movements GROUP BY 1) m
          ON m.variant_id = s.variant_id
        WHERE s.on_hand <> coalesce(m.on_hand, 0)
        """,
    ),
    Check(
        "reserved stock equals its ledger",
        """
        SELECT v.sku, format('reserved %s, ledger says %s', s.reserved, coalesce(m.reserved, 0))
        FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
        LEFT JOIN (SELECT variant_id, sum(reserved) AS reserved FROM catalog.stock_movements GROUP BY 1) m
          ON m.variant_id = s.variant_id
        WHERE s.reserved <> coalesce(m.reserved, 0)
        """,
    ),
    Check(
        "reserved stock equals what open orders wait for",
        """
        SELECT v.sku, format('reserved %s, open orders wait for %s', s.reserved, coalesce(o.waiting, 0))
        FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
        LEFT JOIN (
          SELECT l.variant_id, sum(l.quantity - l.shipped - l.withdrawn) AS waiting
          FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
          WHERE o.state IN ('placed', 'paid', 'packed') GROUP BY 1
        ) o ON o.variant_id = s.variant_id
        WHERE s.reserved <> coalesce(o.waiting, 0)
        """,
    ),
    Check(
        "each order holds what it waits for",
        """
        SELECT o.number, format('%s: holds %s, waits for %s', v.sku, coalesce(m.held, 0), coalesce(l.waiting, 0))
        FROM (
          SELECT order_id, variant_id, sum(reserved) AS held FROM catalog.stock_movements
          WHERE order_id IS NOT NULL GROUP BY 1, 2
        ) m
        FULL JOIN (
          SELECT l.order_id, l.variant_id,
            sum(CASE WHEN o.state IN ('placed', 'paid', 'packed') THEN l.quantity - l.shipped - l.withdrawn
                ELSE 0 END) AS waiting
          FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id GROUP BY 1, 2
        ) l USING (order_id, variant_id)
        JOIN orders.orders o ON o.id = order_id
        JOIN catalog.variants v ON v.id = variant_id
        WHERE coalesce(m.held, 0) <> coalesce(l.waiting, 0)
        """,
    ),
    Check(
        "nothing is promised that is not there",
        """
        SELECT v.sku, format('on hand %s, reserved %s', s.on_hand, s.reserved)
        FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
        WHERE s.reserved < 0 OR (NOT s.sell_when_out AND (s.on_hand < 0 OR s.reserved > s.on_hand))
        """,
    ),
)
