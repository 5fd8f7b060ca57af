"""Shoppers who have an order's page open, and one who shops meanwhile; run as a process of its own.

It reads a plan from standard input (JSON) and prints a result (JSON). Each page has a connection of its own, as in a
browser. Every tenth of a second one of the orders changes, and it is noted when its page has seen that.
"""

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg

PAUSE = 0.1
"""Seconds between two changes, and between two requests of the one who shops."""
PATIENCE = 2.0
"""Seconds after which an ordinary request counts as not answered."""
CHANGE = "UPDATE orders.orders SET updated_at = clock_timestamp() WHERE number = %s"

_VERSION = re.compile(rb"[?&]v=([\w-]+)")


@dataclass
class Seen:
    """What came of it: when each order was changed last, the delays in milliseconds, and the ordinary requests."""

    changed: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    ordinary: list[float] = field(default_factory=list)
    unanswered: int = 0
    polls: int = 0

    def note(self, number: str) -> None:
        """Note that a page shows the newest state of its order."""
        at = self.changed.pop(number, None)
        if at is not None:
            self.delays.append((time.perf_counter() - at) * 1000)


class Link:
    """One connection that stays open."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> tuple[int, bytes]:
        """Ask for an address and return the status and the body."""
        reader, _ = await self.send(path)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        return int(head[9:12]), await reader.readexactly(int(length.group(1))) if length else b""

    async def send(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Ask for an address and return where the answer comes in."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port)
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "HX-Request: true",
            "HX-Request-Type: partial",
        )
        self.streams[1].write("\r\n".join([*lines, "", ""]).encode())
        return self.streams


async def poll(base: str, order: dict[str, str], every: float, seen: Seen) -> None:
    """Ask for the state of an order again and again, as the page does."""
    link, version = Link(base), ""
    await asyncio.sleep(random.uniform(0, every))  # noqa: S311 - pages are opened at any moment
    while True:
        status, body = await link.ask(f"/orders/{order['number']}/status?key={order['key']}&v={version}")
        seen.polls += 1
        if status == 200:
            found = _VERSION.search(body)
            version = found.group(1).decode() if found else version
            seen.note(order["number"])
        elif status != 204:
            raise SystemExit(f"An open page was answered {status}.")
        await asyncio.sleep(every)


async def listen(base: str, order: dict[str, str], seen: Seen) -> None:
    """Hold a stream of events open and read what comes."""
    reader, _ = await Link(base).send(f"/stream/{order['number']}")
    while line := await reader.readline():
        if line.startswith(b"data:"):
            seen.note(order["number"])


async def shop(base: str, paths: list[str], seen: Seen) -> None:
    """Ask for ordinary pages, one after another; what takes too long is given up."""
    link = Link(base)
    while True:
        before = time.perf_counter()
        try:
            await asyncio.wait_for(link.ask(random.choice(paths)), PATIENCE)  # noqa: S311
            seen.ordinary.append((time.perf_counter() - before) * 1000)
        except TimeoutError:
            seen.unanswered += 1
            link = Link(base)
        await asyncio.sleep(PAUSE)


async def change(database: str, orders: list[dict[str, str]], until: float, seen: Seen) -> None:
    """Change one order after another."""
    url = database.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        while time.perf_counter() < until:
            if not orders:
                await asyncio.sleep(PAUSE)
                continue
            number = random.choice(orders)["number"]  # noqa: S311
            if number not in seen.changed:
                seen.changed[number] = time.perf_counter()
                await connection.execute(CHANGE, (number,))
                await connection.execute("SELECT pg_notify('bench_live', %s)", (number,))
            await asyncio.sleep(PAUSE)


async def watch(plan: dict[str, Any]) -> dict[str, float]:
    """Open the pages, let them settle, change orders for a while, and say what was seen."""
    seen, orders = Seen(), plan["orders"]

    def page(order: dict[str, str]) -> Coroutine[Any, Any, None]:
        if plan["how"] == "poll":
            return poll(plan["base"], order, plan["every"], seen)
        return listen(plan["base"], order, seen)

    tasks = [asyncio.create_task(page(order)) for order in orders]
    await asyncio.sleep(plan["settle"])
    tasks.append(asyncio.create_task(shop(plan["base"], plan["paths"], seen)))
    seen.polls, started = 0, time.perf_counter()
    await change(plan["database"], orders, started + plan["seconds"], seen)
    taken, polls = time.perf_counter() - started, seen.polls
    await asyncio.sleep(min(PATIENCE, plan["settle"]))
    for task in tasks:
        if task.done() and task.exception():
            raise task.exception() or RuntimeError
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
    return {
        "changes": len(seen.delays) + len(seen.changed),
        "unseen": len(seen.changed),
        "delay_p50": _part(seen.delays, 50),
        "delay_p95": _part(seen.delays, 95),
        "delay_max": _part(seen.delays, 100),
        "polls_per_second": round(polls / taken, 1),
        "ordinary": len(seen.ordinary),
        "unanswered": seen.unanswered,
        "ordinary_p50": _part(seen.ordinary, 50),
        "ordinary_p95": _part(seen.ordinary, 95),
        "taken": round(taken, 2),
    }


def _part(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else 0.0


if __name__ == "__main__":
    json.dump(asyncio.run(watch(json.load(sys.stdin))), sys.stdout)
