"""`./shop audit`: check the books on the live database and name each violation.

Each check is one query that returns the rows that break a promise; no row is the only good answer. All of them read
one snapshot, so a shop that is busy meanwhile shows no false alarm. What is merely under way (an event recorded a
moment ago) gets `--grace` seconds to be done.
"""

import argparse
import json
import sys
from dataclasses import dataclass

from sqlalchemy import Connection, text

from domain.shared.db import make_engine
from domain.shared.settings import Settings
from workers.subscriptions import handler_names


@dataclass(frozen=True)
class Check:
    """A promise, and the query for what breaks it: the first column says where, the second what is wrong."""

    promise: str
    query: str


CHECKS = (
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
          SELECT l.variant_id, sum(l.quantity - l.shipped) AS waiting
          FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
          WHERE o.state IN ('placed', 'paid', 'packed') GROUP BY 1
        ) o ON o.variant_id = s.variant_id
        WHERE s.reserved <> coalesce(o.waiting, 0)
        """,
    ),
    Check(
        "nothing is sold that is not there",
        """
        SELECT v.sku, format('on hand %s, reserved %s', s.on_hand, s.reserved)
        FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
        WHERE NOT s.sell_when_out AND (s.on_hand < 0 OR s.reserved > s.on_hand OR s.reserved < 0)
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
        "every order has lines",
        """
        SELECT o.number, 'it has no line' FROM orders.orders o
        WHERE NOT EXISTS (SELECT FROM orders.lines l WHERE l.order_id = o.id)
        """,
    ),
    Check(
        "an order that goes ahead was paid once and in full",
        """
        SELECT o.number, format('%s, total %s, captured %s', o.state, o.total, coalesce(p.captured, 0))
        FROM orders.orders o
        LEFT JOIN (
          SELECT order_id, sum(captured - refunded) AS kept, sum(captured) AS captured FROM payments.payments GROUP BY 1
        ) p ON p.order_id = o.id
        WHERE o.state IN ('paid', 'packed', 'shipped', 'delivered') AND o.total > 0
          AND (coalesce(p.captured, 0) < o.total OR coalesce(p.kept, 0) > o.total)
        """,
    ),
    Check(
        "no money is kept for an order that is not going ahead",
        """
        SELECT o.number, format('%s, %s minor units neither refunded nor on their way back', o.state, p.kept)
        FROM orders.orders o
        JOIN (SELECT order_id, sum(captured - refunded) AS kept FROM payments.payments GROUP BY 1) p
          ON p.order_id = o.id
        WHERE o.state IN ('placed', 'cancelled', 'refunded') AND p.kept <> 0
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
        "shipped units equal their parcels",
        """
        SELECT o.number, format('%s: shipped %s, parcels hold %s', l.sku, l.shipped, coalesce(s.quantity, 0))
        FROM orders.lines l JOIN orders.orders o ON o.id = l.order_id
        LEFT JOIN (SELECT line_id, sum(quantity) AS quantity FROM orders.shipment_lines GROUP BY 1) s
          ON s.line_id = l.id
        WHERE l.shipped <> coalesce(s.quantity, 0)
        """,
    ),
    Check(
        "every event reached every handler",
        """
        SELECT o.name || ' ' || o.id, format('not yet handled by %s', h.handler)
        FROM shared.outbox o
        JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name
        WHERE o.done_at IS NULL AND o.created_at < now() - make_interval(secs => :grace)
          AND NOT EXISTS (SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = h.handler)
        """,
    ),
    Check(
        "no message goes out twice",
        """
        SELECT m.order_id::text, format('%s times %s to one recipient', count(*), m.template)
        FROM notifications.messages m WHERE m.order_id IS NOT NULL
        GROUP BY m.order_id, m.template, m.recipient, m.subject_key HAVING count(*) > 1
        """,
    ),
    Check(
        "every message was sent or says why not",
        """
        SELECT m.id::text,
          format('%s still %s: %s', m.template, m.state, coalesce(nullif(m.error, ''), 'no error noted'))
        FROM notifications.messages m
        WHERE m.state IN ('queued', 'failed') AND m.created_at < now() - make_interval(secs => :grace)
        """,
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--grace", type=int, default=60, help="seconds that events and messages may still be under way")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print each violation and return 1 if there is any."""
    engine = make_engine(settings.database_url, pool_size=1)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = audit(connection, grace=args.grace)
    engine.dispose()
    violations = sum(len(rows) for rows in found.values())
    if args.json:
        json.dump({"violations": violations, "checks": found}, sys.stdout, indent=2)
        print()
        return 1 if violations else 0
    for promise, rows in found.items():
        print(f"{'ok ' if not rows else 'BAD'}  {promise}")
        for where, what in rows:
            print(f"       {where}: {what}")
    print(f"{violations} violation{'' if violations == 1 else 's'} in {len(found)} checks")
    return 1 if violations else 0


def audit(connection: Connection, *, grace: int) -> dict[str, list[tuple[str, str]]]:
    """Return what breaks each promise: pairs of where and what."""
    pairs = [(name, handler) for name, handlers in handler_names().items() for handler in handlers]
    values = {"grace": grace, "names": [name for name, _ in pairs], "handlers": [handler for _, handler in pairs]}
    return {
        check.promise: [
            (str(where), str(what)) for where, what in connection.execute(text(check.query), _used(check, values))
        ]
        for check in CHECKS
    }


def _used(check: Check, values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if f":{name}" in check.query}
