"""The other way, for comparison only: the storefront, and a stream of events for each order beside it.

Under a server of threads each open stream holds one of them. A listener hears from PostgreSQL which order changed.
"""

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg

from domain.shared.settings import Settings
from storefront import create_app

_shop = create_app()
_waiting: dict[str, list["queue.SimpleQueue[str]"]] = defaultdict(list)


def _hear() -> None:
    url = (Settings().database_url or "").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("LISTEN bench_live")
        for word in connection.notifies():
            for one in _waiting[word.payload]:
                one.put(word.payload)


def _stream(number: str) -> Iterator[bytes]:
    mine: queue.SimpleQueue[str] = queue.SimpleQueue()
    _waiting[number].append(mine)
    yield b": open\n\n"
    while True:
        try:
            yield f"data: {mine.get(timeout=15)}\n\n".encode()
        except queue.Empty:
            yield b": still here\n\n"


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as the storefront does, and with a stream where one is asked for."""
    path = environ["PATH_INFO"]
    if path.startswith("/stream/"):
        start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
        return _stream(path.removeprefix("/stream/"))
    return _shop(environ, start_response)


threading.Thread(target=_hear, daemon=True).start()
