"""What the payments promise."""

from cli.audit.check import Check

PAYMENTS = (
    Check(
        "every payment belongs to an order",
        """
        SELECT p.id::text, format('%s %s for an order that does not exist', p.amount, p.currency)
        FROM payments.payments p WHERE NOT EXISTS (SELECT FROM orders.orders o WHERE o.id = p.order_id)
        """,
    ),
    Check(
        "only a captured payment holds money",
        """
        SELECT p.id::text, format('%s, captured %s', p.state, p.captured)
        FROM payments.payments p WHERE p.captured <> 0 AND p.state <> 'captured'
        """,
    ),
    Check(
        "an order that goes ahead is paid in full",
        """
        SELECT o.number, format('%s, total %s, captured %s', o.state, o.total, coalesce(p.captured, 0))
        FROM orders.orders o
        LEFT JOIN (SELECT order_id, sum(captured) AS captured FROM payments.payments GROUP BY 1) p
          ON p.order_id = o.id
        WHERE o.state IN ('paid', 'packed', 'shipped', 'delivered') AND coalesce(p.captured, 0) < o.total
        """,
    ),
    Check(
        "no payment keeps more than its order's total",
        """
        SELECT o.number, format('total %s, captured %s, given back %s', o.total, p.captured, p.refunded)
        FROM payments.payments p JOIN orders.orders o ON o.id = p.order_id
        WHERE p.captured - p.refunded > o.total
        """,
    ),
    Check(
        "no order is paid twice",
        """
        SELECT o.number, format('total %s, kept %s of %s payments', o.total, p.kept, p.payments)
        FROM orders.orders o
        JOIN (
          SELECT order_id, count(*) AS payments, sum(captured - refunded) AS kept FROM payments.payments
          WHERE captured > refunded GROUP BY 1
        ) p ON p.order_id = o.id
        WHERE p.payments > 1 AND p.kept > o.total
        """,
    ),
    Check(
        "no money is kept for an order that is not going ahead",
        """
        SELECT o.number, format('%s, %s minor units neither refunded nor on their way back', o.state, p.kept)
        FROM orders.orders o
        JOIN (SELECT order_id, sum(captured - refunded) AS kept FROM payments.payments GROUP BY 1) p
          ON p.order_id = o.id
        WHERE o.state IN ('placed', 'cancelled', 'refunded') AND p.kept > 0
        """,
    ),
    Check(
        "no more is refunded than was captured",
        """
        SELECT o.number, format('captured %s, refunded %s', p.captured, p.refunded)
        FROM payments.payments p JOIN orders.orders o ON o.id = p.order_id
        WHERE p.refunded > p.captured
        """,
    ),
    Check(
        "refunds equal what their payments say",
        """
        SELECT p.id::text, format('refunded %s, refunds sum to %s', p.refunded, coalesce(r.amount, 0))
        FROM payments.payments p LEFT JOIN (
          SELECT payment_id, sum(amount) AS amount FROM payments.refunds WHERE state <> 'failed' GROUP BY 1
        ) r ON r.payment_id = p.id
        WHERE p.refunded <> coalesce(r.amount, 0)
        """,
    ),
    Check(
        "the gateways' books agree with ours",
        """
        SELECT o.number, p.difference
        FROM payments.payments p JOIN orders.orders o ON o.id = p.order_id WHERE p.difference IS NOT NULL
        """,
    ),
)
