"""Where kept pages lie: in this process and, for all processes, in a bounded number of places in Redis."""

import threading
from hashlib import blake2b

from redis import Redis

from web.pages.page import Page, unpacked

SLOTS = 4096
"""So many pages lie in Redis at most; each name has its one slot, and a newer page takes the place of an older one."""
IN_MEMORY = 256
"""So many pages lie in each process."""
KEPT = 600
"""Seconds after which Redis drops a page that nobody has renewed."""
RENDERING = 3_000
"""Milliseconds after which whoever was rendering a page is believed to have died."""


class Shelf:
    """The pages of one process, and behind them those of all."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._near: dict[str, Page] = {}
        self._lock = threading.Lock()

    def near(self, name: str) -> Page | None:
        """Return a page that this process has."""
        return self._near.get(name)

    def far(self, name: str) -> Page | None:
        """Return a page that Redis has, and keep it near."""
        raw = self._redis.get(_slot(name))
        page = unpacked(raw) if isinstance(raw, bytes) else None
        if page is None or page.name != name:
            return None
        self._remember(page)
        return page

    def put(self, page: Page) -> None:
        """Keep a page here and for all."""
        self._remember(page)
        self._redis.set(_slot(page.name), page.packed(), ex=KEPT)

    def take_on(self, name: str) -> bool:
        """Say whether the caller is the one to render this page; the others wait for it or show the one before."""
        return bool(self._redis.set(_task(name), 1, nx=True, px=RENDERING))

    def is_taken(self, name: str) -> bool:
        """Say whether somebody is rendering this page."""
        return bool(self._redis.exists(_task(name)))

    def done(self, name: str) -> None:
        """Say that the page was rendered, or cannot be."""
        self._redis.delete(_task(name))

    def _remember(self, page: Page) -> None:
        with self._lock:
            self._near.pop(page.name, None)
            if len(self._near) >= IN_MEMORY:
                del self._near[next(iter(self._near))]
            self._near[page.name] = page


def _slot(name: str) -> str:
    return f"pages:{int.from_bytes(blake2b(name.encode(), digest_size=4).digest()) % SLOTS}"


def _task(name: str) -> str:
    return f"pages:task:{blake2b(name.encode(), digest_size=12).hexdigest()}"
