"""What the orders promise."""

from cli.audit.check import Check

ORDERS = (
    Check(
        "every order has lines",
        """
        SELECT o.number, 'it has no line' FROM orders.orders o
        WHERE NOT EXISTS (SELECT FROM orders.lines l WHERE l.order_id = o.id)
        """,
    ),
    Check(
        "order totals equal their lines",
        """
        SELECT o.number, format('subtotal %s, discount %s, tax %s; lines say %s, %s, %s',
          o.subtotal, o.discount, o.tax - o.delivery_tax, l.subtotal, l.discount, l.tax)
        FROM orders.orders o JOIN (
          SELECT order_id, sum(unit_price * quantity) AS subtotal, sum(discount) AS discount, sum(tax) AS tax
          FROM orders.lines GROUP BY 1
        ) l ON l.order_id = o.id
        WHERE o.subtotal <> l.subtotal OR o.discount <> l.discount OR o.tax - o.delivery_tax <> l.tax
        """,
    ),
    Check(
        "the tax of an order is the sum of its rates",
        """
        WITH told AS (
          SELECT o.id, o.number, o.tax_included, t->>'name' AS name, (t->>'basis_points')::numeric AS points,
            (t->>'net')::bigint AS net, (t->>'amount')::bigint AS amount, (t->>'delivery')::bigint AS delivery
          FROM orders.orders o CROSS JOIN LATERAL jsonb_array_elements(o.taxes) t
        ), borne AS (
          SELECT order_id, tax_name, tax_basis_points, sum(tax) AS tax FROM orders.lines GROUP BY 1, 2, 3
        )
        SELECT t.number, format('%s of %s points: %s on %s, lines bear %s and delivery %s',
          t.name, trim_scale(t.points), t.amount, t.net, coalesce(b.tax, 0), t.delivery)
        FROM told t LEFT JOIN borne b
          ON b.order_id = t.id AND b.tax_name = t.name AND b.tax_basis_points = t.points
        WHERE (t.amount - t.delivery <> coalesce(b.tax, 0) AND EXISTS (SELECT FROM borne WHERE order_id = t.id))
          OR t.amount <> round(CASE WHEN t.tax_included
          THEN (t.net + t.amount) * t.points / (10000 + t.points) ELSE t.net * t.points / 10000 END)
        UNION ALL
        SELECT o.number, format('tax %s, on delivery %s; by rate %s and %s',
          o.tax, o.delivery_tax, coalesce(s.amount, 0), coalesce(s.delivery, 0))
        FROM orders.orders o
        LEFT JOIN (SELECT id, sum(amount) AS amount, sum(delivery) AS delivery FROM told GROUP BY id) s ON s.id = o.id
        WHERE o.tax <> coalesce(s.amount, 0) OR o.delivery_tax <> coalesce(s.delivery, 0)
        """,
    ),
    Check(
        "every total is the sum of its parts",
        """
        SELECT o.number, format('total %s of subtotal %s, discount %s, delivery %s, tax %s',
          o.total, o.subtotal, o.discount, o.delivery, o.tax)
        FROM orders.orders o
        WHERE o.total <> o.subtotal - o.discount + o.delivery + CASE WHEN o.tax_included THEN 0 ELSE o.tax END
        UNION ALL
        SELECT o.number, format('%s: total %s of %s times %s, discount %s',
          l.sku, l.total, l.quantity, l.unit_price, l.discount)
        FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
        WHERE l.total <> l.unit_price * l.quantity - l.discount
        """,
    ),
    Check(
        "a cart is ordered once",
        """
        SELECT a.number, format('%s stands too, placed from the same cart before this one was paid', b.number)
        FROM orders.orders a JOIN orders.orders b
          ON b.cart_id = a.cart_id AND (b.created_at, b.id) > (a.created_at, a.id)
        WHERE a.state NOT IN ('cancelled', 'refunded') AND b.state NOT IN ('cancelled', 'refunded')
          AND (a.checkout_token = b.checkout_token OR a.paid_at IS NULL OR a.paid_at > b.created_at)
        """,
    ),
    Check(
        "no more is shipped than was ordered",
        """
        SELECT o.number, format('%s: ordered %s, shipped %s, returned %s', l.sku, l.quantity, l.shipped, l.returned)
        FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
        WHERE l.shipped NOT BETWEEN 0 AND l.quantity - l.withdrawn OR l.returned NOT BETWEEN 0 AND l.shipped
        """,
    ),
    Check(
        "shipped units equal their parcels",
        """
        SELECT o.number, format('%s: shipped %s, parcels hold %s', l.sku, l.shipped, coalesce(s.quantity, 0))
        FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
        LEFT JOIN (SELECT line_id, sum(quantity) AS quantity FROM orders.shipment_lines GROUP BY 1) s
          ON s.line_id = l.id
        WHERE l.shipped <> coalesce(s.quantity, 0)
        """,
    ),
)
