"""What people and programs type: any script is kept whole from form to mail, and what is too much is refused."""

import socket
import unicodedata

from sqlalchemy import Engine

from cli.shopper import words_of
from tests.faults.store import Store, buy, rows

ADDRESS = {
    "name": "نجيب محفوظ",
    "company": "老舍茶馆有限公司",
    "line1": "Οδός Ερμού 12",
    "line2": "🌻 Haus ☂ 3. Stock",
    "city": "Zu\u0308rich–S\u030cibenik",
    "region": "தமிழ்நாடு",
}


def test_an_address_in_any_script_reaches_the_order_and_the_mail_whole(store: Store, engine: Engine) -> None:
    paid = buy(store, "harbour-mug", **ADDRESS)

    written = {name: unicodedata.normalize("NFC", value) for name, value in ADDRESS.items()}
    for value in written.values():
        assert value in words_of(paid)
    [(kept,)] = rows(engine, "SELECT shipping_address FROM orders.orders")
    assert {name: kept[name] for name in ADDRESS} == written
    for mail in store.told_once("Payment received", "Your order"):
        if mail["subject"].startswith("Your order"):
            for part in ("text", "html"):
                for value in written.values():
                    assert value in mail[part]


def send(store: Store, head: str, *, chunked: bool) -> bytes:
    """Send ten megabytes as fast as the server takes them, and return what it says."""
    body = b"x" * 65536
    with socket.create_connection(("localhost", store.settings.storefront_port), timeout=20) as link:
        link.sendall(head.encode())
        try:
            for _ in range(160):
                link.sendall(b"%x\r\n%s\r\n" % (len(body), body) if chunked else body)
            if chunked:
                link.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # it need not listen to the end
        said = b""
        try:
            while more := link.recv(65536):
                said += more
        except OSError:
            pass
        return said


def test_ten_megabytes_are_refused_by_the_server_itself(store: Store, engine: Engine) -> None:
    host = f"localhost:{store.settings.storefront_port}"
    head = (
        f"POST /cart/lines HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
    )

    counted = send(store, f"{head}Content-Length: {160 * 65536}\r\n\r\n", chunked=False)
    chunked = send(store, f"{head}Transfer-Encoding: chunked\r\n\r\n", chunked=True)

    for said in (counted, chunked):
        assert said.split(b"\r\n")[0].startswith(b"HTTP/1.1 413"), said[:300]
        assert b"This is too large" in said
    assert store.status("/")[0] == 200
    assert rows(engine, "SELECT count(*) FROM cart.carts") == [(0,)]
