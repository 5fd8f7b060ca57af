"""Telling whoever guesses to wait, by the counters that the pages have."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort

from web.errors import problem
from web.throttle import Throttle


def slow_down(throttle: Throttle) -> None:
    """Answer 429 to whoever has guessed wrong too often."""
    waiting = throttle.seconds_to_wait()
    if waiting:
        response = problem(429, message=f"That was tried many times. Please wait {waiting} seconds, then try again.")
        response.headers["Retry-After"] = str(waiting)
        abort(response)


@contextmanager
def counting(throttle: Throttle, guess: type[Exception]) -> Iterator[None]:
    """Let nobody in who has guessed wrong too often, and count a wrong guess."""
    slow_down(throttle)
    try:
        yield
    except guess:
        throttle.note_failure()
        raise
