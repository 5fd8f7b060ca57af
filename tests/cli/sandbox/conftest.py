"""The sandbox in memory and on the wire."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from cli.sandbox.app import create_app
from cli.sandbox.store import Store
from domain.shared.settings import Settings
from tests.processes import free_port

SECRET = "a gateway secret for tests only"  # noqa: S105


@pytest.fixture
def sandbox_settings(tmp_path: Path) -> Settings:
    """Settings of a sandbox with ports and a place of its own; it needs no database and no Redis."""
    return Settings(
        database_url="postgresql://nobody@localhost/nothing",
        secret_key=SecretStr("a secret for tests only"),
        demo_gateway_secret=SecretStr(SECRET),
        var=tmp_path,
        sandbox_port=free_port(),
        smtp_host="127.0.0.1",
        smtp_port=free_port(),
    )


@pytest.fixture
def store(sandbox_settings: Settings) -> Store:
    """The sandbox's records."""
    return Store(sandbox_settings.var / "sandbox.sqlite")


@pytest.fixture
def client(sandbox_settings: Settings, store: Store) -> FlaskClient:
    """A browser at the sandbox."""
    return create_app(sandbox_settings, store).test_client()


@dataclass
class Listener:
    """A shop that takes webhooks; it answers with `status`, and with the next of `answers` while there are any."""

    url: str
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    status: int = 200


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A real HTTP server that plays the shop."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.received.append((dict(self.headers), body))
            self.send_response(found.answers.pop(0) if found.answers else found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Listener(f"http://127.0.0.1:{server.server_port}/webhooks/demo")
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()
