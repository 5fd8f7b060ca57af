"""A store of real processes whose parts a test takes away and brings back, and what must hold afterwards."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, text

from cli.audit import audit
from cli.processes import argv_of, is_healthy
from cli.shopper import ANSWERS, Page, Shopper
from domain.shared.settings import Settings
from tests.processes import eventually, free_port, running_program

BACKGROUND = ("relay", "worker", "scheduler")


def settings_of(settings: Settings, var: Path, **changes: Any) -> Settings:
    """Return settings for a store at ports and a place of its own."""
    storefront, sandbox = free_port(), free_port()
    return settings.model_copy(
        update={
            "var": var, "smtp_host": "127.0.0.1", "smtp_port": free_port(), "web_threads": 4,
            "storefront_port": storefront, "storefront_url": f"http://localhost:{storefront}",
            "storefront_internal_url": f"http://localhost:{storefront}",
            "sandbox_port": sandbox, "sandbox_url": f"http://localhost:{sandbox}",
            "sandbox_internal_url": f"http://localhost:{sandbox}",
            **changes,
        }
    )  # fmt: skip


@dataclass(frozen=True)
class Store:
    """Where the store is and what its parts wrote."""

    settings: Settings
    log: Path
    name: str = "ada"

    def part(self, role: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Run one part for the length of a block."""
        return running_program(argv_of(role, self.settings), self.settings, self.log)

    def start(self, stack: ExitStack, *roles: str) -> None:
        """Start parts that end with the stack, and wait until those that serve pages do."""
        for role in roles:
            stack.enter_context(self.part(role))
        for role in roles:
            eventually(lambda role=role: is_healthy(role, self.settings), seconds=60)

    def shopper(self) -> Shopper:
        """Open another browser."""
        return Shopper(self.settings.storefront_url)

    @property
    def email(self) -> str:
        """The address under which this test's shopper orders."""
        return f"{self.name}@example.com"

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that came for this test's shopper."""
        address = f"{self.settings.sandbox_url}/mailbox.json?{urlencode({'to': self.email})}"
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
            return list(json.load(answer))

    def told_once(self, *subjects: str) -> list[dict[str, Any]]:
        """Wait for mails whose subjects begin so; each must have come once, and no other."""
        eventually(lambda: len(self.mails()) >= len(subjects), seconds=60, every=0.2)
        mails = sorted(self.mails(), key=lambda mail: mail["subject"])
        assert [mail["copies"] for mail in mails] == [1] * len(subjects)
        for mail, words in zip(mails, sorted(subjects), strict=True):
            assert mail["subject"].startswith(words), mail["subject"]
        return mails

    def status(self, path: str) -> tuple[int, str]:
        """Ask for a page and return what came."""
        try:
            with urllib.request.urlopen(self.settings.storefront_url + path, timeout=30) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def failures(self) -> list[str]:
        """Return what nobody foresaw in what the parts wrote; a job that failed and is tried again is none of it."""
        mistake = re.compile(r"Traceback|unexpected error")
        lines = self.log.read_text().splitlines()
        return [line for line in lines if mistake.search(line) and '"logger": "rq.worker"' not in line]


def review(store: Store, shopper: Shopper, **answers: str) -> Page:
    """Answer every question up to the page that places the order."""
    page, said = shopper.open("/checkout"), ANSWERS | {"email": store.email, "method": "post"} | answers
    while not page.url.endswith("/checkout/review"):
        form = page.form("/checkout/")
        chosen = {name: said[name] for name in form.values if name in said}
        chosen |= {name: options[0] for name, options in form.choices.items() if name not in form.values}
        before, page = page.url, shopper.submit(form, **chosen)
        assert (page.status, page.url != before) == (200, True), page.text
    return page


def order(shopper: Shopper, page: Page) -> Page:
    """Agree to what the last page of the checkout says."""
    form = page.form("/checkout/order")
    return shopper.submit(form, **{name: options[0] for name, options in form.choices.items()})


def buy(store: Store, slug: str, **answers: str) -> Page:
    """Buy one of a product and pay for it, in a browser of its own."""
    shopper = store.shopper()
    shopper.add_to_cart(slug)
    return shopper.pay(order(shopper, review(store, shopper, **answers)))


def books_are_right(engine: Engine, *, seconds: float = 60) -> None:
    """See that everything under way ends, every event with every handler, and that the audit then finds nothing."""
    deadline = time.monotonic() + seconds
    while True:
        with engine.connect() as connection:
            wrong = {promise: rows for promise, rows in audit(connection, grace=0).items() if rows}
        if not wrong or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    assert wrong == {}


def rows(engine: Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Return what a statement finds."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def orders(engine: Engine) -> list[str]:
    """Return the states of all orders, oldest first."""
    return [state for (state,) in rows(engine, "SELECT state FROM orders.orders ORDER BY created_at, id")]


def money_kept(engine: Engine) -> int:
    """Return how much money of shoppers the shop holds."""
    [(kept,)] = rows(engine, "SELECT coalesce(sum(captured - refunded), 0) FROM payments.payments")
    return int(kept)
