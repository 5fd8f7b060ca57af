"""`./shop bench live`: how soon open order pages see a change, and what that leaves for everybody else.

The store's own way, asking again and again, beside streams of events under the same server: with its usual threads, and
with one thread for each open page.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from cli.bench.buyers import Buyer
from cli.bench.cpu import children, cpu_seconds
from cli.bench.pages import client
from cli.bench.stage import APP_CORE, Place, Server, gateway, serving, storefront
from cli.ports import free_port
from cli.processes import argv_of
from domain.shared.db import make_engine
from storefront.live import ASK_EVERY

# The order of a real checkout, so many times: what a page asks for is read by the order's number alone.
_COPY = text(
    """
    INSERT INTO orders.orders
    SELECT (jsonb_populate_record(o, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 'CS-BENC-' || lpad(n::text, 4, '0'), 'checkout_token', gen_random_uuid(),
        'state', 'paid', 'shopper_id', NULL))).*
    FROM orders.orders o CROSS JOIN generate_series(1, :pages) n
    WHERE o.id = (SELECT id FROM orders.orders WHERE number NOT LIKE 'CS-BENC-%' ORDER BY created_at DESC LIMIT 1)
    ON CONFLICT DO NOTHING
    """
)
_PAGES = text(
    "SELECT number, access_key AS key FROM orders.orders WHERE number LIKE 'CS-BENC-%' ORDER BY 1 LIMIT :pages"
)
_CLEAR = text("DELETE FROM orders.orders WHERE number LIKE 'CS-BENC-%'")
WAYS = ("none", "asking", "few", "many")
WIDTHS = (24, 11, 16, 10, 9, 5)
"""How wide the columns of the report are."""


@dataclass(frozen=True)
class Live:
    """What was seen of one way; delays and latencies in milliseconds, `cpu` as a share of one core, memory in MB."""

    way: str
    pages: int
    cpu: float
    memory: int
    seen: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON holds them."""
        return asdict(self)


def measure_live(
    place: Place, *, pages: int, seconds: float, say: Callable[[str], None], ways: Collection[str] = WAYS
) -> list[Live]:
    """Measure the store's way without and with open pages, then streams with few threads and with many."""
    few = place.settings.web_threads
    plans = {
        "none": ("no page open", 0, None),
        "asking": (f"asking every {ASK_EVERY:g} s", pages, None),
        "few": (f"streams, {few} threads", pages, few),
        "many": ("streams, a thread for each", pages, pages + few),
    }
    found = []
    with _orders(place, pages) as orders:
        for way, count, threads in (plans[name] for name in ways):
            say(f"Measuring {way}")
            serve = storefront(place, core=APP_CORE) if threads is None else _streaming(place, threads)
            with serve as server:
                found.append(_measured(place, server, way, orders, count, streams=threads is not None, seconds=seconds))
    return found


def show_live(found: list[Live], *, say: Callable[[str], None]) -> None:
    """Print the figures."""
    names = ("delay of a change, ms", "not seen", "ordinary, ms", "unanswered", "of a core", "MB")
    say("")
    say(" ".join([" " * 28, *(name.rjust(wide) for name, wide in zip(names, WIDTHS, strict=True))]))
    for one in found:
        seen = one.seen
        delay = " / ".join(f"{seen[name]:.0f}" for name in ("delay_p50", "delay_p95", "delay_max"))
        ordinary = f"{seen['ordinary_p50']:.1f} / {seen['ordinary_p95']:.1f}"
        delay, unseen = (delay, f"{seen['unseen']:.0f} of {seen['changes']:.0f}") if one.pages else ("-", "-")
        values = (delay, unseen, ordinary, f"{seen['unanswered']:.0f}", f"{one.cpu:.0%}", str(one.memory))
        say(" ".join([one.way.ljust(28), *(value.rjust(wide) for value, wide in zip(values, WIDTHS, strict=True))]))
    say("")
    say("Delay: p50 / p95 / longest, from the commit until the page has it. Ordinary: product pages, p50 / p95.")


def _measured(
    place: Place, server: Server, way: str, orders: list[dict[str, str]], count: int, *, streams: bool, seconds: float
) -> Live:
    before = cpu_seconds(server.pid)
    plan = {
        "base": server.base, "how": "listen" if streams else "poll", "every": ASK_EVERY, "orders": orders[:count] or [],
        "paths": [f"/p/{slug}" for slug in place.slugs[:20]], "database": place.settings.database_url,
    }  # fmt: skip
    plan |= {"seconds": seconds, "settle": 3.0}
    seen = client("cli.bench.watchers", **plan)
    used = cpu_seconds(server.pid) - before
    return Live(way, count, round(used / (seconds + 5.0), 3), _memory(server.pid), seen)


@contextlib.contextmanager
def _orders(place: Place, pages: int) -> Iterator[list[dict[str, str]]]:
    """Have so many orders, each a copy of one that was really bought."""
    with gateway(place), storefront(place, core=None) as server:
        Buyer(server.base).buy(place.skus[0], "live@example.com")
    assert place.settings.database_url
    engine = make_engine(place.settings.database_url, pool_size=1)
    try:
        with engine.begin() as connection:
            connection.execute(_COPY, {"pages": pages})
            rows = connection.execute(_PAGES, {"pages": pages}).all()
        yield [row._asdict() for row in rows]
    finally:
        with engine.begin() as connection:
            connection.execute(_CLEAR)
        engine.dispose()


@contextlib.contextmanager
def _streaming(place: Place, threads: int) -> Iterator[Server]:
    port = free_port()
    changes = {"storefront_port": port, "web_threads": threads}
    argv = argv_of("storefront", place.settings.model_copy(update=changes))
    argv[-1] = "cli.bench.streams:app"
    with serving(argv, place.environment, port=port, core=APP_CORE) as server:
        yield server


def _memory(pid: int) -> int:
    """Return the resident memory of a process and those below it, in MB."""
    total = 0
    for number in [pid, *children(pid)]:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{number}/status").read_text()
            total += int(status.partition("VmRSS:")[2].split()[0])
    return total // 1024
