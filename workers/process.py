"""What the background processes share: settings, log lines as JSON, and a clean end on a signal."""

import logging
import signal
import sys
import threading
from types import FrameType

import structlog
from redis import Redis

from domain.shared.logs import PROCESSORS, about_process
from domain.shared.settings import Settings
from workers.queues import connect

log = structlog.get_logger("workers")


def ready(name: str, *, longest_answer: float = 10) -> tuple[Settings, Redis]:
    """Set up the log of a process and return its settings and its Redis; ends the process if it has none."""
    configure_log(name)
    settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    if settings.redis_url is None:
        sys.exit("SHOP_REDIS_URL is not set. Set it to the Redis that holds the queues.")
    return settings, connect(settings.redis_url, longest_answer=longest_answer)


def configure_log(name: str) -> None:
    """Write log lines as JSON on the standard output, those of the libraries too where they matter."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    about_process(name)
    logging.basicConfig(handlers=[_ToStructlog()], level=logging.WARNING, force=True)


class _ToStructlog(logging.Handler):
    """Passes on what the libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        event = record.getMessage()
        log.log(record.levelno, event, logger=record.name, exc_info=record.exc_info)


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop
