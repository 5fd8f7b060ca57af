"""What the health of the channels costs to know."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.notifications.health import _HEALTH
from domain.shared.db import utcnow
from domain.shared.outbox import id_at


def test_each_part_is_read_by_its_index(session: Session) -> None:
    # A table without rows is read as a whole whatever there is, so that is made dear.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    values = {"names": ["email"], "day_ago": id_at(utcnow()), "soon": utcnow(), "held": 3}
    plan = "\n".join(session.scalars(text(f"EXPLAIN {_HEALTH.element.text}"), values))

    assert "Seq Scan" not in plan, plan
    for index in ("not_sent", "queued"):
        assert f"ix_messages_{index}" in plan, plan
