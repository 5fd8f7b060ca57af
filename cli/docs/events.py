"""docs/events.md: every event, what it carries, and which handlers hear it."""

import inspect
from dataclasses import fields

from domain.shared.events import EVENTS, Event
from workers.queues import queue_of
from workers.subscriptions import SUBSCRIPTIONS, name_of

HEAD = """# Events

Generated from the event types and the table of subscriptions by `./shop docs`; do not edit by hand.

An event is recorded in the outbox in the same commit as the change it tells of. The relay enqueues one job per handler;
a handler claims the message in its own transaction, so a second run changes nothing.
"""


def events() -> str:
    """Write a section for each event, by name."""
    ours = [name for name in sorted(EVENTS) if name and EVENTS[name].__module__.startswith("domain.")]
    return HEAD + "".join(_section(EVENTS[name]) for name in ours)


def _section(event: type[Event]) -> str:
    handlers = SUBSCRIPTIONS.get(event, [])
    heard = [f"- `{name_of(handler)}` on queue `{queue_of(handler)}`" for handler in handlers]
    rows = [f"| `{field.name}` | `{_type_name(field.type)}` |" for field in fields(event)]
    return "\n".join(
        [
            f"\n## {event.name}\n",
            " ".join((inspect.getdoc(event) or "").split()),
            "",
            "| carries | type |",
            "|---|---|",
            *rows,
            "",
            "Heard by:" if heard else "No handler of the shop's own hears it.",
            *(["", *heard] if heard else []),
            "",
        ]
    )


def _type_name(kind: object) -> str:
    return (
        kind if isinstance(kind, str) else getattr(kind, "__name__", str(kind)) if isinstance(kind, type) else str(kind)
    )
