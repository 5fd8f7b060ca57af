"""docs/events/*.json: what each event looks like to the world outside, as JSON Schema (draft 2020-12)."""

import inspect
import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import datetime
from functools import partial
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import workers.subscriptions  # noqa: F401 - so that every event is known
from domain.shared.events import EVENTS, Event
from domain.shared.money import Money

_PLAIN: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    Money: {
        "type": "object",
        "properties": {
            "amount": {"type": "integer", "description": "In minor units of the currency."},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
        "required": ["amount", "currency"],
    },
}


def schemas() -> dict[str, Callable[[], str]]:
    """Return what writes the schema of each event, by the name of its page."""
    ours = [event for name, event in sorted(EVENTS.items()) if name and event.__module__.startswith("domain.")]
    return {f"events/{event.name}.json": partial(written, event) for event in ours}


def written(event: type[Event]) -> str:
    """Write the schema of one event as its page has it."""
    return json.dumps(schema(event), indent=2) + "\n"


def schema(event: type[Event]) -> dict[str, Any]:
    """Return the schema of what EventBridge carries as the detail of an event; fields may be added to it later."""
    hints = get_type_hints(event)
    data = {field.name: _of(hints[field.name]) for field in fields(event)}
    always = [field.name for field in fields(event) if field.default is MISSING and field.default_factory is MISSING]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": event.name,
        "description": " ".join((inspect.getdoc(event) or "").split()),
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "The same however often the event arrives."},
            "position": {"type": "integer", "description": "Grows from event to event; gaps mean nothing."},
            "at": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "properties": data, "required": always},
        },
        "required": ["id", "position", "at", "data"],
    }


def _of(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) in (types.UnionType, Union):
        return {"anyOf": [{"type": "null"} if arg is type(None) else _of(arg) for arg in get_args(hint)]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0])}
    raise TypeError(f"No schema says what a {hint} is: add it to _PLAIN.")
