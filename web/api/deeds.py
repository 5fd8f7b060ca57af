"""Doing what a POST asks for, once: the transaction of the deed, which also keeps the answer for who asks again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, g, request
from sqlalchemy.orm import Session

from domain.shared.db import utcnow
from domain.shared.idempotency import Key, keep, let_go, take
from web.api.answers import Answer, written
from web.api.bodies import invalid
from web.db import transaction
from web.errors import problem
from web.settings import shop_settings

SHORTEST, LONGEST = 16, 200


@dataclass
class Deed:
    """What is being done: `tx` is its transaction, `answer` what the caller gets."""

    tx: Session
    key: Key | None = None
    answer: Response = field(default_factory=Response)

    def answers(self, body: Any, *, status: int = 201, headers: dict[str, str] | None = None) -> None:
        """Say what the caller gets, before the transaction ends; it is kept in it."""
        self.answer = written(Answer(body, status, headers or {}), status=status)
        if self.key:
            keep(self.tx, self.key, _packed(self.answer))

    def ends(self, body: Any, *, status: int = 201, headers: dict[str, str] | None = None) -> Response:
        """Say what the caller gets after something outside was asked; it is kept in a transaction of its own."""
        self.answer = written(Answer(body, status, headers or {}), status=status)
        if self.key:
            with transaction() as tx:
                keep(tx, self.key, _packed(self.answer))
        return self.answer

    def is_refused(self) -> None:
        """Give the key back in the transaction of the deed, for a refusal that has something to commit."""
        if self.key:
            let_go(self.tx, self.key)

    def comes_to_nothing(self) -> None:
        """Give the key back, since nothing was done."""
        if self.key:
            with transaction() as tx:
                let_go(tx, self.key)


@contextmanager
def deed(*, needs_key: bool = False) -> Iterator[Deed]:
    """Open the transaction of a POST; whoever sent the same before gets the first answer instead, here and now.

    What `needs_key` is not done for whoever sends none.
    """
    key = _key()
    if needs_key and key is None:
        words = "Send an Idempotency-Key, so that this is done once however often it arrives."
        abort(problem(400, kind="key-needed", message=words))
    with transaction() as tx:
        kept = take(tx, key, now=utcnow()) if key else None
        if kept is not None:
            abort(_unpacked(kept))
        yield Deed(tx, key)


def _key() -> Key | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not SHORTEST <= len(given) <= LONGEST or not (given.isascii() and given.isprintable() and " " not in given):
        abort(invalid([{"parameter": "Idempotency-Key", "detail": f"Send {SHORTEST} to {LONGEST} signs, as a UUID."}]))
    return Key.of(
        secret=shop_settings().secret_key.get_secret_value(),
        caller=g.api_caller,
        address=request.full_path,
        key=given,
        request=request.get_data(),
    )


def _packed(answer: Response) -> bytes:
    headers = {name: value for name, value in answer.headers.items() if name in ("Location", "ETag")}
    return json.dumps([answer.status_code, headers, answer.get_data(as_text=True)]).encode()


def _unpacked(kept: bytes) -> Response:
    status, headers, body = json.loads(kept)
    return Response(body, status, headers | {"Idempotency-Replayed": "true"}, mimetype="application/json")
