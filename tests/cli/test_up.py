"""The whole store starts, runs beside another one, says where it is, and leaves nothing behind.

Where root runs the tests, of two stores one is root's and the other an ordinary user's.
"""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.lifeline import children_of
from domain.shared.settings import ROOT
from tests.processes import eventually, free_port


@dataclass
class Shop:
    """A place and ports for one store, and the words before its commands that make them somebody else's."""

    var: Path
    port: int
    admin_port: int
    before: list[str] = field(default_factory=list)

    def run(self, *words: str) -> "subprocess.Popen[str]":
        own = {"SHOP_VAR": self.var, "SHOP_STOREFRONT_PORT": self.port, "SHOP_ADMIN_PORT": self.admin_port}
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
        return subprocess.Popen(  # noqa: S603
            [*self.before, sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=inherited | {key: str(value) for key, value in own.items()} | {"SHOP_WORKER_PROCESSES": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def say(self, *words: str) -> str:
        process = self.run(*words)
        said, _ = process.communicate(timeout=600)
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


ORDINARY = pwd.getpwnam("daemon")


def as_ordinary_user() -> list[str]:
    """Return the words that make a command an ordinary user's; none if the tests are an ordinary user's already."""
    if os.getuid() != 0:
        return []
    drop = ["setpriv", f"--reuid={ORDINARY.pw_uid}", f"--regid={ORDINARY.pw_gid}", "--clear-groups"]
    # A Python in root's own home is out of their sight: they may then read what root reads, and write no more for it.
    see = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    again = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import flask'], check=True)"
    for words in (drop, [*drop, *see]):
        tried = subprocess.run([*words, sys.executable, "-c", again], cwd=ROOT, capture_output=True, check=False)  # noqa: S603
        if tried.returncode == 0:
            return words
    pytest.skip("Only root can run this Python here, so no store can be an ordinary user's")


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[list[Shop]]:
    before = as_ordinary_user()
    with tempfile.TemporaryDirectory(prefix="somebody's shop ") as own:  # not below tmp_path, which is root's alone
        if before:
            os.chown(own, ORDINARY.pw_uid, ORDINARY.pw_gid)
        both = [
            Shop(tmp_path / "shop number 1", free_port(), free_port()),
            Shop(Path(own) / "shop number 2", free_port(), free_port(), before),
        ]
        yield both
        for shop in both:
            shop.say("down")


def test_two_stores_run_side_by_side_and_stop_without_a_trace(shops: list[Shop]) -> None:
    starts = [shop.run("up", "--detach", "--no-demo") for shop in shops]
    said = [start.communicate(timeout=600)[0] for start in starts]

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
    if shops[1].before:
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in children_of(shops[1].pid)} == {ORDINARY.pw_uid}
        assert 0 in {Path(f"/proc/{pid}").stat().st_uid for pid in children_of(shops[0].pid)}
    for shop in shops:
        assert shop.say("down") == "Stopping the store…\nStopped.\n"
    assert not any(Path(f"/proc/{pid}").exists() for pid in running)


def test_a_store_outlives_its_parts_and_its_parts_do_not_outlive_it(shops: list[Shop]) -> None:
    shop = shops[0]
    shop.say("up", "--detach", "--no-demo")
    before = set(children_of(shop.pid))

    for pid in before:
        os.kill(pid, signal.SIGKILL)  # PostgreSQL, Redis and all the others at once

    eventually(lambda: len(set(children_of(shop.pid)) - before) >= len(before), seconds=30)
    eventually(lambda: shop.answers(shop.port) and shop.answers(shop.admin_port), seconds=30)

    after = children_of(shop.pid)
    os.kill(shop.pid, signal.SIGKILL)

    eventually(lambda: not any(_is_alive(pid) for pid in after), seconds=20)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
