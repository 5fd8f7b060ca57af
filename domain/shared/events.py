"""Events: facts of the past that the rest of the shop may act on, and their way to JSON and back."""

import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.shared.money import Money

EVENTS: dict[str, type["Event"]] = {}
"""Every event type by its name, filled as the types are declared."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact that was committed; `name` is `context.what_happened` and never changes once published."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name in EVENTS and EVENTS[cls.name].__qualname__ != cls.__qualname__:
            raise TypeError(f"Two events are called {cls.name}.")
        EVENTS[cls.name] = cls


def to_payload(event: Event) -> dict[str, Any]:
    """Turn an event into what JSON can hold."""
    return {field.name: _plain(getattr(event, field.name)) for field in fields(event)}


def from_payload(name: str, payload: dict[str, Any]) -> Event:
    """Make the event again from its name and its payload; raises KeyError for an unknown name."""
    kind = EVENTS[name]
    return kind(**{key: _typed(hint, payload[key]) for key, hint in _hints(name).items() if key in payload})


@cache
def _hints(name: str) -> dict[str, Any]:
    kind = EVENTS[name]
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if value is None:
        return None
    if origin is types.UnionType or origin is typing.Union:
        return _typed(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is Money:
        return Money(**value)
    if origin is tuple:
        return tuple(_typed(get_args(hint)[0], item) for item in value)
    return value
