"""The one way to fetch an address that a person or a file gives: only from the open internet, and only so much.

A name is resolved once, every address behind it is checked, and the connection goes to the address that was checked: a
name that answers differently a moment later (DNS rebinding) leads nowhere. Each redirect goes through the same door.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from domain.shared.errors import RuleBroken

PORTS = {"http": 80, "https": 443}
MAX_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_INNER = [ipaddress.ip_network(network) for network in ("192.0.0.0/24", "168.63.129.16/32", "fec0::/10")]
"""What Python takes for the open internet, and clouds or old networks for their own."""

Resolve = Callable[[str, int], Collection[str]]


class Forbidden(RuleBroken):
    """The address may not be fetched, or what is there is not what may be fetched."""


class Unreachable(RuleBroken):
    """Nothing answered in time."""

    def __init__(self) -> None:
        super().__init__("This address does not answer. Please check it, or try again later.")


@dataclass(frozen=True)
class Fetched:
    """What was fetched."""

    url: str
    status: int
    content_type: str
    body: bytes


def is_open(address: str) -> bool:
    """Say whether an IP address is on the open internet: not private, nor this machine, nor a cloud's own services."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_open(str(inner))
    if any(ip in network for network in _INNER if network.version == ip.version):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """Return every address behind a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable from None
    return [str(entry[4][0]) for entry in found]


def fetch(
    url: str,
    *,
    max_bytes: int,
    seconds: float = 10.0,
    types: Collection[str] = (),
    resolver: Resolve = resolve,
) -> Fetched:
    """Fetch an address with GET; raises Forbidden or Unreachable. `types` are the content types that are let in."""
    until = time.monotonic() + seconds
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        port = PORTS[parts.scheme]
        addresses = resolver(str(parts.hostname), port)
        if not addresses or not all(is_open(address) for address in addresses):
            raise Forbidden("This address is not on the open internet, so we do not fetch it.")
        answer = _get(parts, next(iter(addresses)), port, until=until, max_bytes=max_bytes, types=types)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise Forbidden("This address leads on too often.")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("This is not an address we can fetch.") from None
    if parts.scheme not in PORTS or not parts.hostname or not url.isprintable() or " " in url:
        raise Forbidden("Enter an address that begins with https://.")
    if parts.username or parts.password or port not in (None, PORTS[parts.scheme]):
        raise Forbidden("An address with a name, a password or a port of its own is not fetched.")
    return parts


def _get(
    parts: SplitResult, address: str, port: int, *, until: float, max_bytes: int, types: Collection[str]
) -> Fetched | str:
    """Ask the checked address; return what is there, or where it has moved to."""
    host = str(parts.hostname)
    connection = http.client.HTTPConnection(host, port, timeout=_left(until))
    watch: threading.Timer | None = None
    try:
        connection.sock = link = _connect(host, address, port, tls=parts.scheme == "https", until=until)
        # A timeout counts from each byte to the next: whoever sends them one by one is cut off by the clock.
        watch = threading.Timer(_left(until), _cut, (link,))
        watch.daemon = True
        watch.start()
        if isinstance(link, ssl.SSLSocket):
            link.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET", target, headers={"Host": host, "User-Agent": "cornershop", "Accept-Encoding": "identity"}
        )
        response = connection.getresponse()
        moved = response.getheader("Location")
        if response.status in _MOVED and moved:
            return moved
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if types and kind not in types:
            raise Forbidden(f"What is there is not of a kind we take ({', '.join(sorted(types))}).")
        body = bytearray()
        while chunk := response.read(_CHUNK):
            body += chunk
            if len(body) > max_bytes:
                raise Forbidden("What is there is larger than we can take.")
        _left(until)  # what was cut off is not whole
        return Fetched(parts.geturl(), response.status, kind, bytes(body))
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable from None
    finally:
        if watch is not None:
            watch.cancel()
        connection.close()


def _connect(host: str, address: str, port: int, *, tls: bool, until: float) -> socket.socket:
    link = socket.create_connection((address, port), timeout=_left(until))
    if not tls:
        return link
    try:
        return ssl.create_default_context().wrap_socket(link, server_hostname=host, do_handshake_on_connect=False)
    except OSError:
        link.close()
        raise


def _cut(link: socket.socket) -> None:
    """End a connection from outside of whoever reads from it; one that has ended already stays so."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(link, socket.SHUT_RDWR)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise Unreachable
    return left


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    known = ip in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if known else None
