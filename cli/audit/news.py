"""What events and messages promise.

`:names` and `:handlers` are the table of subscriptions, pair by pair; `:grace` is the seconds that anything may take.
"""

from cli.audit.check import Check

NEWS = (
    Check(
        "every event was handed on",
        """
        SELECT o.name || ' ' || o.id, format('waits for a relay since %s', date_trunc('second', o.created_at))
        FROM shared.outbox o
        WHERE o.relayed_at IS NULL AND o.created_at < now() - make_interval(secs => :grace)
        """,
    ),
    Check(
        "every event reached every handler",
        """
        SELECT o.name || ' ' || o.id, format('not yet handled by %s', h.handler)
        FROM shared.outbox o
        JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name
        WHERE o.relayed_at IS NOT NULL AND o.done_at IS NULL
          AND o.created_at < now() - make_interval(secs => :grace)
          AND NOT EXISTS (SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = h.handler)
        """,
    ),
    # A handler that joined the shop later owes nothing to the events that were done before: its first claim tells.
    Check(
        "no event counts as done that a handler never had",
        """
        SELECT o.name || ' ' || o.id, format('done without %s', h.handler)
        FROM shared.outbox o
        JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name
        JOIN (
          SELECT e.name, c.handler, min(c.claimed_at) AS first FROM shared.claims c
          JOIN shared.outbox e ON e.id = c.message_id GROUP BY 1, 2
        ) s ON s.name = h.name AND s.handler = h.handler AND s.first <= o.created_at
        WHERE o.done_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = h.handler)
        """,
    ),
    Check(
        "no message goes out twice",
        """
        SELECT coalesce(min(o.number), m.subject_key), format('%s times %s to one recipient', count(*), m.template)
        FROM notifications.messages m LEFT JOIN orders.orders o ON o.id = m.order_id
        GROUP BY m.template, m.subject_key, m.recipient HAVING count(*) > 1
        """,
    ),
    Check(
        "every message was sent or says why not",
        """
        SELECT m.id::text, format('%s still queued after %s tries', m.template, m.attempts)
        FROM notifications.messages m
        WHERE m.state = 'queued' AND coalesce(m.not_before, m.created_at) < now() - make_interval(secs => :grace)
        UNION ALL
        SELECT m.id::text, format('%s %s, and no reason is noted', m.template, m.state)
        FROM notifications.messages m WHERE m.state IN ('failed', 'suppressed') AND m.error = ''
        UNION ALL
        SELECT m.id::text, format('%s sent, and nobody knows when', m.template)
        FROM notifications.messages m WHERE m.state = 'sent' AND m.sent_at IS NULL
        """,
    ),
)
