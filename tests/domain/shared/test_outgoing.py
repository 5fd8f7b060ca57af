"""The door through which the shop fetches what people and files name."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from domain.shared import outgoing
from domain.shared.outgoing import Forbidden, Unreachable, fetch, is_open

# ruff: noqa: S104 - addresses to be refused, and nothing is bound to them
CLOSED = [
    "127.0.0.1", "10.0.0.7", "172.16.3.4", "192.168.1.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "0.0.0.0",
    "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1",
    "192.0.0.192", "168.63.129.16", "fec0::1", "64:ff9b:1::1", "::ffff:168.63.129.16", "100.100.100.200",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_on_the_open_internet_is_closed(address):
    assert not is_open(address)
    with pytest.raises(Forbidden, match="not on the open internet"):
        fetch("http://shop.example/", max_bytes=10, resolver=lambda host, port: [address])


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
)
def test_the_open_internet_is_open(address):
    assert is_open(address)


def test_one_closed_address_among_open_ones_is_enough():
    with pytest.raises(Forbidden):
        fetch("http://shop.example/", max_bytes=10, resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "//example.com/", "example.com", "",
        "http://", "http://user:pass@example.com/", "http://example.com:8080/", "http://example.com:22/",
        "http://[::1/", "http://example.com/\r\nX: y", "http://exa mple.com/", "http://example.com:99999/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_before_anything_is_asked(url):
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(Forbidden):
        fetch(url, max_bytes=10, resolver=never)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://localhost/", "http://[::1]/"]
)
def test_this_machine_by_any_other_name_is_refused(url):
    with pytest.raises((Forbidden, Unreachable)):
        fetch(url, max_bytes=10)


class Site(BaseHTTPRequestHandler):
    """A site with pictures, detours and too much."""

    seen: list[str] = []  # noqa: RUF012 - one list for the whole test

    def do_GET(self):
        self.seen.append(f"{self.headers['Host']}{self.path}")
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2])
            self.end_headers()
            return
        if self.path == "/drip":
            self.drip()
            return
        body = b"x" * 100
        self.send_response(200)
        self.send_header("Content-Type", "image/png; charset=x")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self):
        """Send a header that never ends, one byte at a time."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A site that stands where the open address 93.184.216.34 would be."""
    Site.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = socket.create_connection

    def connect(address, **kwargs):
        assert address == ("93.184.216.34", 80)
        return real(server.server_address, **kwargs)

    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    yield Site.seen
    server.shutdown()


def at_home(host: str, port: int) -> list[str]:
    return ["10.0.0.1"] if host == "inside.example" else ["93.184.216.34"]


def test_a_picture_is_fetched_from_the_address_that_was_checked(site):
    found = fetch("http://pictures.example/mug.png?v=1", max_bytes=100, types={"image/png"}, resolver=at_home)

    assert (found.status, found.content_type, found.body) == (200, "image/png", b"x" * 100)
    assert site == ["pictures.example/mug.png?v=1"]


def test_a_name_is_asked_once_so_that_it_cannot_change_its_mind(site):
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    assert fetch("http://pictures.example/mug.png", max_bytes=100, resolver=rebinding).status == 200
    assert asked == ["pictures.example"]


def test_a_redirect_is_followed_but_never_inside(site):
    assert fetch("http://a.example/to?/mug.png", max_bytes=100, resolver=at_home).status == 200
    for inside in ("http://inside.example/", "//inside.example/x", "file:///etc/passwd", "http://a.example:6379/"):
        with pytest.raises(Forbidden):
            fetch(f"http://a.example/to?{inside}", max_bytes=100, resolver=at_home)
    with pytest.raises(Forbidden, match="too often"):
        fetch("http://a.example/to?/to?/to?/to?/to?/x", max_bytes=100, resolver=at_home)
    assert all("inside" not in address.partition("/")[0] for address in site)


def test_too_much_and_the_wrong_kind_are_refused(site):
    with pytest.raises(Forbidden, match="larger"):
        fetch("http://a.example/mug.png", max_bytes=99, resolver=at_home)
    with pytest.raises(Forbidden, match="not of a kind"):
        fetch("http://a.example/mug.png", max_bytes=100, types={"text/csv"}, resolver=at_home)


def test_who_answers_byte_by_byte_is_cut_off(site):
    with pytest.raises(Unreachable):
        fetch("http://a.example/drip", max_bytes=100, seconds=0.3, resolver=at_home)


def test_who_does_not_answer_in_time_is_given_up():
    with pytest.raises(Unreachable):
        fetch("http://a.example/", max_bytes=1, seconds=0, resolver=at_home)
