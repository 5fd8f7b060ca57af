"""What the health of the channels costs to know."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.notifications.health import _HEALTH
from domain.notifications.models import FAILED, QUEUED, SENT, Message
from domain.shared.db import utcnow
from domain.shared.outbox import id_at


def test_each_part_is_read_by_its_index(session: Session) -> None:
    # Of a handful of rows any index is as good as another, so the plan is that of a shop which has sold for a while.
    for number, state in enumerate([SENT] * 1900 + [FAILED] * 90 + [QUEUED] * 10):
        session.add(
            Message(
                template="order_placed",
                subject_key=str(number),
                channel="email",
                recipient=f"{number}@example.com",
                state=state,
            )
        )
    session.flush()
    session.execute(text("ANALYZE notifications.messages"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    values = {"names": ["email"], "day_ago": id_at(utcnow() - timedelta(days=1)), "soon": utcnow(), "held": 3}
    plan = "\n".join(session.scalars(text(f"EXPLAIN {_HEALTH.element.text}"), values))

    assert "Seq Scan" not in plan, plan
    for index in ("not_sent", "queued"):
        assert f"ix_messages_{index}" in plan, plan
