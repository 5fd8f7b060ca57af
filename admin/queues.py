"""What Redis says about background work, or that it says nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app
from redis import Redis, RedisError

from web import jobs

T = TypeVar("T")


class NoRedisError(Exception):
    """Redis is not configured or does not answer."""


@dataclass(frozen=True)
class FailedCount:
    """How many jobs failed for good; not known while Redis is away."""

    known: bool
    failed: int


def ask(question: Callable[[Redis], T]) -> T:
    """Ask Redis something; raises NoRedisError if there is no answer."""
    redis: Redis | None = current_app.extensions["redis"]
    if redis is None:
        raise NoRedisError
    try:
        return question(redis)
    except (RedisError, OSError) as error:
        raise NoRedisError from error


def failed_count() -> FailedCount:
    """Return how many jobs failed for good, or that nobody knows."""
    try:
        return FailedCount(True, sum(queue.failed for queue in ask(jobs.overview)))
    except NoRedisError:
        return FailedCount(False, 0)
