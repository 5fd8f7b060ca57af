"""Every event of the shop on an Amazon EventBridge bus: at least once, in order for each order, under a stable id."""

import json

from domain.notifications.adapters.aws import client
from domain.shared.db import Sessions, transaction
from domain.shared.mirror import Mirrored, mark_mirrored, move_mark, unmirrored
from domain.shared.settings import Settings

MIRROR = "mirror.eventbridge"
BATCH = 10
"""What EventBridge takes at once."""


def mirror(sessions: Sessions, settings: Settings, *, limit: int = 200) -> int:
    """Send what the bus has not had and return how many it took.

    A batch holds one event of each order at most: of two, the bus might refuse the first and take the second.
    """
    if settings.event_bus is None:
        return 0
    with transaction(sessions) as tx:
        waiting = unmirrored(tx, mirror=MIRROR, limit=limit)
    taken = 0
    while waiting:
        batch: dict[str, Mirrored] = {}
        for event in waiting:
            if len(batch) < BATCH:
                batch.setdefault(event.key, event)
        answer = client("events", settings).put_events(Entries=[_entry(event, settings) for event in batch.values()])
        had = [event for event, result in zip(batch.values(), answer["Entries"], strict=True) if "EventId" in result]
        refused = {event.key for event in batch.values()} - {event.key for event in had}
        with transaction(sessions) as tx:
            mark_mirrored(tx, [event.id for event in had], mirror=MIRROR)
        taken += len(had)
        done = {event.id for event in had}
        waiting = [event for event in waiting if event.id not in done and event.key not in refused]
    with transaction(sessions) as tx:
        move_mark(tx, mirror=MIRROR)
    return taken


def _entry(event: Mirrored, settings: Settings) -> dict[str, str]:
    detail = {"id": str(event.id), "position": event.position, "at": event.at.isoformat(), "data": event.payload}
    return {
        "Source": "cornershop",
        "DetailType": event.name,
        "Detail": json.dumps(detail),
        "EventBusName": settings.event_bus or "",
    }
