"""What every log line goes through before it is written, in whichever process: one JSON object on one line."""

import re
from contextvars import ContextVar
from functools import lru_cache
from json import JSONEncoder
from types import NoneType
from typing import Any
from uuid import UUID

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from domain.shared.telemetry import trace_id


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the trace that a line belongs to, where there is one."""
    found = trace_id()
    if found is not None:
        event["trace"] = found
    return event


_ORDER: ContextVar[str | None] = ContextVar("order", default=None)
_PROCESS: ContextVar[str | None] = ContextVar("process", default=None)


def _add_about(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the process and the order that a line is about, where that was said."""
    process, order = _PROCESS.get(), _ORDER.get()
    if process is not None:
        event.setdefault("process", process)
    if order is not None:
        event.setdefault("order", order)
    return event


def about_process(name: str) -> None:
    """Have every further line of this process bear its name."""
    _PROCESS.set(name)


def about_order(order_id: UUID) -> None:
    """Have every further line of this request or job name an order, until `about_nothing`."""
    _ORDER.set(str(order_id))


def about_nothing() -> None:
    """Begin another request or job: what its lines name is not known yet."""
    _ORDER.set(None)


HIDDEN = "(hidden)"
_SECRET_NAME = re.compile(
    r"passw|secret|token|cookie|authorization|api_?key|access_key|session_key|recovery|^(e-?mail|phone|recipient|iban"
    r"|address|shipping_address|billing_address|code|key|context|remote_addr|ip)$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.[^\s@<>\"'(),;:=.]+")
_IN_ADDRESS = re.compile(r"(://[^/\s:@]*:)[^@/\s]+@")
_IN_QUERY = re.compile(r"\b(key|token|code|password|email|signature)=[^&\s\"']+", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.:-])[2-6](?:[ -]?\d){13,18}(?![\w.:-])")
_LIVE_KEY = re.compile(
    r"\b(?:sk|rk|whsec|pk)_[A-Za-z0-9_]{8,}|\bshop_[\w-]{20,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+|\bBearer\s+\S+"
)


_HARMLESS = (int, float, NoneType)
"""What tells nothing of anybody, whatever it goes by; a truth value is a number too."""


def _hide(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out of a line what no log may keep: what people told us, and what opens doors."""
    for name, value in event.items():
        event[name] = _without(name, value)
    return event


def _without(name: str, value: Any) -> Any:
    if isinstance(value, _HARMLESS):
        return value
    if _is_secret(name):
        return HIDDEN
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: _without(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without("", inner) for inner in value]
    return value


@lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    """Say whether what goes under a name is nobody's business; lines use the same few names again and again."""
    return _SECRET_NAME.search(name) is not None


def hide(text: str) -> str:
    """Return a text without mail addresses, passwords in addresses, keys, and numbers of cards."""
    if "@" in text:
        text = _EMAIL.sub(HIDDEN, _IN_ADDRESS.sub(rf"\1{HIDDEN}@", text))
    if "=" in text:
        text = _IN_QUERY.sub(rf"\1={HIDDEN}", text)
    if "_" in text or "Bearer" in text or "eyJ" in text:
        text = _LIVE_KEY.sub(HIDDEN, text)
    return _CARD.sub(_card, text) if len(text) > 12 else text


def _card(found: re.Match[str]) -> str:
    """Hide a number whose last digit is right for a card (Luhn); others are times, ids and amounts."""
    digits = [int(char) for char in reversed(found.group()) if char.isdigit()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return HIDDEN if sum(doubled) % 10 == 0 else found.group()


_ENCODER = JSONEncoder(default=repr)


def _written(event: EventDict, **_settings: Any) -> str:
    """Write a line as JSON; json.dumps would make a new encoder for each."""
    return _ENCODER.encode(event)


PROCESSORS: tuple[Processor, ...] = (
    _add_about,
    _add_trace,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Without local variables: they hold what shoppers typed.
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    _hide,
    structlog.processors.JSONRenderer(_written),
)
