"""The whole store starts, runs beside another one, says where it is, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.embedded.place import wait_until
from cli.lifeline import children_of
from domain.shared.settings import ROOT
from tests.journeys.store import free_port


@dataclass
class Shop:
    """A place and ports for one store."""

    var: Path
    port: int
    admin_port: int

    def run(self, *words: str) -> "subprocess.Popen[str]":
        own = {"SHOP_VAR": self.var, "SHOP_STOREFRONT_PORT": self.port, "SHOP_ADMIN_PORT": self.admin_port}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=inherited | {key: str(value) for key, value in own.items()} | {"SHOP_WORKER_PROCESSES": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def say(self, *words: str) -> str:
        process = self.run(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return said

    @property
    def pid(self) -> int:
        return int((self.var / "supervisor.pid").read_text().split()[0])

    def answers(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[list[Shop]]:
    both = [Shop(tmp_path / f"shop number {number}", free_port(), free_port()) for number in (1, 2)]
    yield both
    for shop in both:
        shop.say("down")


def test_two_stores_run_side_by_side_and_stop_without_a_trace(shops: list[Shop]) -> None:
    starts = [shop.run("up", "--detach", "--no-demo") for shop in shops]
    said = [start.communicate(timeout=180)[0] for start in starts]

    for shop, start, text in zip(shops, starts, said, strict=True):
        assert start.returncode == 0, text
        assert f"Storefront   http://localhost:{shop.port}\n" in text
        assert f"Admin        http://localhost:{shop.admin_port}\n" in text
        assert shop.answers(shop.port)
        assert shop.answers(shop.admin_port)
    assert "is already running" in shops[0].say("up")

    crowded = Shop(shops[0].var.with_name("third"), shops[0].port, free_port()).run("up")
    text, _ = crowded.communicate(timeout=60)
    assert crowded.returncode == 1
    assert text.startswith(f"shop: Port {shops[0].port} is in use. Set SHOP_STOREFRONT_PORT")

    running = {pid for shop in shops for pid in children_of(shop.pid)}
    assert len(running) >= 2 * 8  # two servers, two sites, sandbox, relay, scheduler, worker
    for shop in shops:
        assert shop.say("down") == "Stopping the store…\nStopped.\n"
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)


def test_a_store_outlives_its_parts_and_its_parts_do_not_outlive_it(shops: list[Shop]) -> None:
    shop = shops[0]
    shop.say("up", "--detach", "--no-demo")
    before = set(children_of(shop.pid))

    for pid in before:
        os.kill(pid, signal.SIGKILL)  # PostgreSQL, Redis and all the others at once

    assert wait_until(lambda: len(set(children_of(shop.pid)) - before) >= len(before), seconds=30)
    assert wait_until(lambda: shop.answers(shop.port) and shop.answers(shop.admin_port), seconds=30)

    after = children_of(shop.pid)
    os.kill(shop.pid, signal.SIGKILL)

    assert wait_until(lambda: not any(_is_alive(pid) for pid in after), seconds=20)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
