"""What callers get: plain dicts that typed models describe, written as JSON with what caches and edits need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from flask import Response
from pydantic import Field
from pydantic_core import to_json
from typing_extensions import TypedDict

from domain.shared.money import Money as Amount
from web.cache import tag


class Money(TypedDict):
    """An amount of money in whole minor units: 1250 EUR is twelve euros fifty."""

    amount: Annotated[int, Field(description="Whole minor units of the currency, as ISO 4217 counts them.")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]


@dataclass(frozen=True)
class Answer:
    """A body with a status or headers of its own; a view without any returns the body alone."""

    body: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def money(value: Amount) -> Money:
    """Write an amount as the API does."""
    return {"amount": value.amount, "currency": value.currency}


def optional_money(value: Amount | None) -> Money | None:
    """Write an amount that may be missing."""
    return None if value is None else {"amount": value.amount, "currency": value.currency}


def encode(body: Any) -> bytes:
    """Write a body of plain values as JSON, by pydantic's writer, which takes a third of the time of json's.

    Bytes are JSON that is written already.
    """
    return body if isinstance(body, bytes) else to_json(body)


def listed(items: Iterable[bytes], **more: Any) -> bytes:
    """Write a list whose items are written already, with something more beside them."""
    return b'{"items":[%b],%b' % (b",".join(items), to_json(more)[1:])


def written(found: Any, *, status: int, policy: str | None = None, tagged: bool = False) -> Response:
    """Write an answer: with an ETag where it can be edited or asked for again, and a policy where it may be kept."""
    if isinstance(found, Response):
        return found
    answer = found if isinstance(found, Answer) else Answer(found)
    code = answer.status or status
    if code == 204:
        return Response(status=204, headers=dict(answer.headers))
    response = Response(encode(answer.body), code, dict(answer.headers), mimetype="application/json")
    if policy and code == 200:
        response.headers["Cache-Control"] = policy
    return tag(response) if tagged and code < 300 else response
