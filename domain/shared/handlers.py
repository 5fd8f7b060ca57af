"""The two shapes of an event's handler: one that writes to the database, and one that reaches outside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.shared.settings import Settings

Handler = Callable[[Session, Any], None]
"""A plain handler `f(session, event)`: it runs in the transaction of its claim and touches nothing outside."""


@dataclass(frozen=True)
class Outside:
    """A handler with an effect outside the database, in three steps so that no row is locked meanwhile.

    1. `prepare(session, event)` reads what is needed, in a short transaction; None means there is nothing to do, and
       the other steps are left out.
    2. `perform(data, settings)` has the effect, with no transaction open; it must be safe to repeat (an idempotency
       key, or an effect that is the same twice). If it raises, the job fails and is tried again.
    3. `finish(session, result)` writes down what came of it, in the transaction that claims the message.

    A crash between 2 and 3 repeats both: that is why 2 must be safe to repeat and 3 must settle repeated news.
    `failed(session, data)` writes down, in a transaction of its own, that 2 raised; the job is tried again.
    `name` is `context.function`, as a plain handler's would be.
    """

    name: str
    prepare: Callable[[Session, Any], Any | None]
    perform: Callable[[Any, Settings], Any]
    finish: Callable[[Session, Any], None]
    failed: Callable[[Session, Any], None] | None = None
