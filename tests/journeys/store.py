"""The store a journey drives: one started for the run, or one that runs elsewhere."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from redis import Redis

from cli.embedded import postgres as embedded_postgres
from cli.embedded import redis as embedded_redis
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Store:
    """Where the parts of a running store answer, and who may sign in to its admin."""

    base_url: str
    admin_url: str
    sandbox_url: str
    staff_email: str
    staff_password: str
    var: Path | None = None
    """Where it keeps its state, if that is on this machine."""

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the store's database answers."""
        with psycopg.connect(self._database(), autocommit=True) as link:
            return link.execute(statement.encode(), values).fetchall()

    @contextlib.contextmanager
    def nobody_writes(self, schema: str, table: str) -> Iterator[None]:
        """Keep everyone from writing to a table for the length of a block: a worker that is to do so stands still."""
        with psycopg.connect(self._database()) as link:
            link.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(schema, table)))
            yield

    def _database(self) -> str:
        assert self.var
        return embedded_postgres.url(self.var).replace("+psycopg", "")

    def redis(self) -> Redis:
        """Return a connection to the store's Redis."""
        assert self.var
        return Redis.from_url(embedded_redis.url(self.var))

    def mails(self, recipient: str) -> list[dict[str, Any]]:
        """Return the mails the mailbox holds for an address, oldest first."""
        with urllib.request.urlopen(f"{self.sandbox_url}/mailbox.json?to={quote(recipient)}", timeout=10) as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)
        return sorted(found, key=lambda mail: mail["received_at"])

    def wait_for_mail(self, recipient: str, subject: str, *, seconds: float = 30) -> dict[str, Any]:
        """Wait for a mail whose subject holds some words; fails with what did arrive."""
        deadline = time.monotonic() + seconds
        while True:
            mails = self.mails(recipient)
            for mail in mails:
                if subject.lower() in mail["subject"].lower():
                    return mail
            if time.monotonic() > deadline:
                raise AssertionError(f"No mail about {subject!r} came; there are {[m['subject'] for m in mails]}")
            time.sleep(0.3)


@contextlib.contextmanager
def running_store(*words: str, **extra: str) -> Iterator[Store]:
    """Start the whole store on ports and a place of its own, with the demo shop in it, and stop it afterwards.

    `words` go to `./shop up`: with `--empty` there is no shop in it yet, and its owner is made as one makes it.
    """
    from cli.demo_accounts import STAFF_EMAIL, STAFF_PASSWORD

    ports = {name: free_port() for name in ("STOREFRONT", "ADMIN", "SANDBOX", "SMTP")}
    with tempfile.TemporaryDirectory(prefix="cornershop-journeys-", ignore_cleanup_errors=True) as var:
        own = {f"SHOP_{name}_PORT": str(port) for name, port in ports.items()}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
        environment = inherited | own | {"SHOP_VAR": var, "SHOP_WORKER_PROCESSES": "1"} | extra
        log = Path(var) / "up.log"
        with log.open("w") as out:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "cli", "up", *words],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        try:
            store = Store(
                base_url=f"http://localhost:{ports['STOREFRONT']}",
                admin_url=f"http://localhost:{ports['ADMIN']}",
                sandbox_url=f"http://localhost:{ports['SANDBOX']}",
                staff_email=STAFF_EMAIL,
                staff_password=STAFF_PASSWORD,
                var=Path(var),
            )
            _wait_until_ready(store, process, log)
            if "--empty" in words:
                _make_owner(store, environment)
            yield store
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()


def _make_owner(store: Store, environment: dict[str, str]) -> None:
    words = [sys.executable, "-m", "cli", "user", "add", "--staff", store.staff_email, "--role", "owner"]
    subprocess.run(words, cwd=ROOT, env=environment | {"SHOP_PASSWORD": store.staff_password}, check=True)  # noqa: S603


def _wait_until_ready(store: Store, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 900  # its pictures are drawn first: half a minute, or many on a busy machine
    for address in (f"{store.base_url}/readyz", f"{store.admin_url}/readyz", f"{store.sandbox_url}/healthz"):
        while True:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        break
            except (urllib.error.URLError, OSError):
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The store did not start ({address}):\n{log.read_text()[-4000:]}")
            time.sleep(0.3)
