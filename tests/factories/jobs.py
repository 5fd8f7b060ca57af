"""Background jobs that failed, for tests."""

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer


class _Passing(SimpleWorker):
    """A worker within the tests' own process, which leaves the process's signals alone."""

    def _install_signal_handlers(self) -> None:
        """Take no signal over: one that comes after the worker has gone would be raised wherever the tests are then."""


def queue_of(redis: Redis, name: str = "orders") -> Queue:
    """Return a queue as the workers have it."""
    return Queue(name, connection=redis, serializer=JSONSerializer)


def work_off(redis: Redis, name: str = "orders") -> None:
    """Run whatever waits in a queue, once."""
    queue = queue_of(redis, name)
    _Passing([queue], connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")
