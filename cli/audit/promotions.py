"""What the promotions promise."""

from cli.audit.check import Check

PROMOTIONS = (
    Check(
        "every order's discounts have a name",
        """
        SELECT o.number, format('discount %s, the named ones sum to %s', o.discount, d.amount)
        FROM orders.orders o CROSS JOIN LATERAL (
          SELECT coalesce(sum((one ->> 'amount')::bigint), 0) AS amount FROM jsonb_array_elements(o.discounts) one
        ) d
        WHERE o.discount <> d.amount
        """,
    ),
    Check(
        "orders and redemptions agree",
        """
        SELECT o.number, format('took off %s for %s; its redemption says %s', one ->> 'amount', one ->> 'label',
          CASE WHEN r.id IS NULL THEN 'nothing' WHEN r.released_at IS NOT NULL THEN 'given back'
            ELSE r.amount::text END)
        FROM orders.orders o CROSS JOIN LATERAL jsonb_array_elements(o.discounts) one
        LEFT JOIN promotions.redemptions r
          ON r.order_id = o.id AND r.promotion_id = (one ->> 'promotion_id')::uuid
        WHERE one ->> 'promotion_id' IS NOT NULL
          AND (r.id IS NULL OR r.amount <> (one ->> 'amount')::bigint
            OR (r.released_at IS NOT NULL) <> (o.state = 'cancelled' AND o.paid_at IS NULL))
        UNION ALL
        SELECT coalesce(o.number, r.order_id::text), 'a redemption without its order and discount'
        FROM promotions.redemptions r LEFT JOIN orders.orders o ON o.id = r.order_id
        WHERE NOT coalesce(o.discounts, '[]') @> jsonb_build_array(jsonb_build_object('promotion_id', r.promotion_id))
        """,
    ),
    Check(
        "limited promotions are counted right and within their limit",
        """
        SELECT p.name, format('used %s of %s, orders say %s', p.used, p.limit_total, r.uses)
        FROM promotions.promotions p CROSS JOIN LATERAL (
          SELECT count(*) AS uses FROM promotions.redemptions
          WHERE promotion_id = p.id AND released_at IS NULL
        ) r
        WHERE p.limit_total IS NOT NULL AND (p.used <> r.uses OR r.uses > p.limit_total)
        """,
    ),
    Check(
        "customers' uses of promotions are counted right",
        """
        SELECT p.name, format('%s used it %s times, orders say %s', coalesce(u.customer, r.customer),
          coalesce(u.used, 0), coalesce(r.uses, 0))
        FROM promotions.usages u FULL JOIN (
          SELECT promotion_id, customer, count(*) AS uses FROM promotions.redemptions
          WHERE released_at IS NULL GROUP BY 1, 2
        ) r ON r.promotion_id = u.promotion_id AND r.customer = u.customer
        JOIN promotions.promotions p ON p.id = coalesce(u.promotion_id, r.promotion_id)
        WHERE coalesce(u.used, 0) <> coalesce(r.uses, 0)
        """,
    ),
    Check(
        "what is kept of the uses of promotions is what orders used",
        """
        SELECT p.name, format('kept %s uses by %s customers for %s, orders say %s by %s for %s',
          coalesce(k.uses, 0), coalesce(k.customers, 0), coalesce(k.amount, 0),
          coalesce(r.uses, 0), coalesce(r.customers, 0), coalesce(r.amount, 0))
        FROM promotions.promotions p LEFT JOIN (
          SELECT promotion_id, sum(uses) AS uses, sum(customers) AS customers, sum(amount) AS amount
          FROM (SELECT promotion_id, uses, customers, amount FROM promotions.kept_uses
            UNION ALL SELECT promotion_id, uses, customers, amount FROM promotions.use_changes) parts
          GROUP BY promotion_id
        ) k ON k.promotion_id = p.id LEFT JOIN (
          SELECT promotion_id, count(*) AS uses, count(DISTINCT customer) AS customers, sum(amount) AS amount
          FROM promotions.redemptions WHERE released_at IS NULL GROUP BY promotion_id
        ) r ON r.promotion_id = p.id
        WHERE (coalesce(k.uses, 0), coalesce(k.customers, 0), coalesce(k.amount, 0))
          <> (coalesce(r.uses, 0), coalesce(r.customers, 0), coalesce(r.amount, 0))
        """,
    ),
)
