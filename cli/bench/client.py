"""The load: a small HTTP/1.1 client on keep-alive connections, run in a process of its own.

It reads a plan from standard input (JSON) and prints a result (JSON). A request is sent as soon as the
connection's last answer is whole, so `connections` is how many shoppers click at once.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Connection:
    """One open connection and the answer it waits for."""

    link: socket.socket
    position: int
    requests: list[bytes]
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)
    needed: int = -1
    status: int = 0


def request_bytes(url: str, headers: dict[str, str]) -> bytes:
    """Return a GET request as it goes over the wire."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run(urls: list[str], *, headers: list[dict[str, str]], connections: int, seconds: float) -> dict[str, object]:
    """Ask for the addresses in turn on every connection until the time is up; latencies in milliseconds.

    Each connection sends the headers of one shopper, as many as there are in turn.
    """
    parts = urlsplit(urls[0])
    shoppers = [[request_bytes(url, one) for url in urls] for one in headers]
    selector = selectors.DefaultSelector()
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    size = 0
    started = time.perf_counter()
    end = started + seconds
    opened = []
    for number in range(connections):
        link = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=30)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(link, number, shoppers[number % len(shoppers)])
        opened.append(connection)
        selector.register(link, selectors.EVENT_READ, connection)
        _send(connection)
    waiting = connections
    while waiting:
        ready = selector.select(timeout=30)
        if not ready:
            raise SystemExit("The server has not answered for 30 seconds.")
        for key, _ in ready:
            connection = key.data
            chunk = connection.link.recv(262_144)
            if not chunk:
                raise SystemExit("The server closed a connection in the middle.")
            connection.received += chunk
            if connection.needed < 0:
                _read_head(connection)
            if connection.needed < 0 or len(connection.received) < connection.needed:
                continue
            now = time.perf_counter()
            latencies.append((now - connection.sent_at) * 1000)
            statuses[connection.status] = statuses.get(connection.status, 0) + 1
            size = max(size, connection.needed)
            if now < end:
                _send(connection)
            else:
                waiting -= 1
    taken = time.perf_counter() - started
    for connection in opened:
        connection.link.close()
    latencies.sort()
    return {
        "requests": len(latencies),
        "per_second": round(len(latencies) / taken, 1),
        "p50": _percentile(latencies, 50),
        "p95": _percentile(latencies, 95),
        "p99": _percentile(latencies, 99),
        "bytes": size,
        "statuses": statuses,
    }


def _send(connection: Connection) -> None:
    connection.received.clear()
    connection.needed = -1
    connection.sent_at = time.perf_counter()
    connection.link.sendall(connection.requests[connection.position % len(connection.requests)])
    connection.position += 1


def _read_head(connection: Connection) -> None:
    """Find where the answer ends: after the head for 204 and 304, else after as many bytes as the head names."""
    end = connection.received.find(b"\r\n\r\n")
    if end < 0:
        return
    head = bytes(connection.received[:end]).lower()
    connection.status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line.startswith(b"content-length:"):
            length = int(line[15:])
        elif line.startswith(b"transfer-encoding:"):
            raise SystemExit("The bench reads answers of a known length only.")
    connection.needed = end + 4 + (0 if connection.status in (204, 304) else length)


def _percentile(values: list[float], percent: int) -> float:
    return round(values[min(len(values) - 1, len(values) * percent // 100)], 2) if values else 0.0


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    json.dump(
        run(plan["urls"], headers=plan["headers"], connections=plan["connections"], seconds=plan["seconds"]), sys.stdout
    )
