"""The stage: a seeded store under a place of its own, its app held to one core."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from cli.bench.cpu import children
from cli.embedded import embedded_postgres, embedded_redis
from cli.embedded.place import wait_until
from cli.environment import child_environment
from cli.errors import CliError
from cli.lifeline import die_with_parent
from cli.migrate import migrate
from cli.ports import free_port
from cli.processes import argv_of
from domain.shared.db import make_engine
from domain.shared.settings import ROOT, Settings

APP_CORE, OTHER_CORE = 0, 1


@dataclass(frozen=True)
class Place:
    """A staged store: its settings, and a category, products and SKUs to ask for."""

    settings: Settings
    environment: Mapping[str, str]
    category: str
    slugs: tuple[str, ...]
    skus: tuple[str, ...]


@contextlib.contextmanager
def stage(var: Path, *, products: int, say: Callable[[str], None]) -> Iterator[Place]:
    """Run PostgreSQL and Redis under `var`, seeded with the demo shop and so many more products."""
    var.mkdir(parents=True, exist_ok=True)
    with embedded_postgres(var) as database_url, embedded_redis(var) as redis_url:
        ports = {f"{name}_port": free_port() for name in ("storefront", "admin", "sandbox", "smtp")}
        settings = Settings(
            database_url=database_url,
            redis_url=redis_url,
            secret_key=SecretStr("a secret of the bench only"),
            demo_gateway_secret=SecretStr("a gateway secret of the bench only"),
            smtp_host="127.0.0.1",
            page_cache=False,
            var=var,
            **ports,
            **{f"{name}_url": f"http://127.0.0.1:{ports[f'{name}_port']}" for name in ("storefront", "sandbox")},
        )
        environment = child_environment(settings)
        migrate(database_url)
        engine = make_engine(database_url, pool_size=1)
        with engine.connect() as connection:
            present = connection.scalar(text("SELECT count(*) FROM catalog.products WHERE slug LIKE 'g-%'")) or 0
        if present < products:
            say(f"Seeding {products:,} products (kept under {var} for the next time)")
            for words in ([], ["--products", str(products)]):
                command = [sys.executable, "-m", "cli", "seed", "--open", *words]
                subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            # The shoppers of the bench buy what has stock for all of them.
            connection.execute(text("UPDATE catalog.stock SET sell_when_out = true"))
            category = connection.scalar(
                text("SELECT category_path FROM catalog.listings GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
            )
            rows = connection.execute(
                text(
                    "SELECT l.slug, v.sku FROM catalog.listings l"
                    " JOIN catalog.variants v ON v.product_id = l.product_id"
                    " WHERE l.in_stock ORDER BY md5(v.sku) LIMIT 200"
                )
            ).all()
        engine.dispose()
        if category is None or not rows:
            raise CliError("The bench found no products", f"Remove {var} and run it again")
        slugs = tuple(dict.fromkeys(row.slug for row in rows))
        yield Place(settings, environment, category, slugs, tuple(row.sku for row in rows))


@dataclass(frozen=True)
class Server:
    """A running server: its address and its process."""

    base: str
    pid: int


@contextlib.contextmanager
def serving(argv: list[str], environment: Mapping[str, str], *, port: int, core: int | None) -> Iterator[Server]:
    """Run a server, held to one core if one is named, until the block ends."""
    log = Path(environment["SHOP_VAR"]) / "log" / "bench.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603
            argv, cwd=ROOT, env=dict(environment), preexec_fn=held_to(core), stdout=output, stderr=output
        ) as process,
    ):
        try:
            if not wait_until(lambda: _answers(port) or process.poll() is not None, seconds=30) or process.poll():
                raise CliError("The server under measurement did not start", f"Read what it printed in {log}")
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def held_to(core: int | None) -> Callable[[], None]:
    """Return what a child runs before its program: it ends with its parent, and keeps to its core."""
    tie = die_with_parent()

    def prepare() -> None:
        tie()
        if core is not None and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, {core})

    return prepare


@contextlib.contextmanager
def storefront(place: Place, *, core: int | None, keeps_pages: bool = False) -> Iterator[Server]:
    """Run the storefront; where it is held to a core, the database keeps off that core.

    Unless it `keeps_pages`, each is rendered anew.
    """
    port = place.settings.storefront_port
    environment = {**place.environment, "SHOP_PAGE_CACHE": "true" if keeps_pages else "false"}
    with (
        database_off(place, core),
        serving(argv_of("storefront", place.settings), environment, port=port, core=core) as server,
    ):
        yield server


@contextlib.contextmanager
def gateway(place: Place) -> Iterator[Server]:
    """Run the bench's own payment gateway, off the app's core."""
    argv = [sys.executable, "-m", "cli.bench.gateway"]
    with serving(argv, place.environment, port=place.settings.sandbox_port, core=OTHER_CORE) as server:
        yield server


@contextlib.contextmanager
def floor(place: Place, *, core: int | None) -> Iterator[Server]:
    """Run the Flask "hello" under the same server with the same options."""
    port = free_port()
    argv = argv_of("storefront", place.settings.model_copy(update={"storefront_port": port}))
    argv[-1] = "cli.bench.floor:app"
    with serving(argv, place.environment, port=port, core=core) as server:
        yield server


@contextlib.contextmanager
def database_off(place: Place, core: int | None) -> Iterator[None]:
    """Let the database use the other cores only; a process that serves a connection inherits this when it begins."""
    cores = set(range(os.cpu_count() or 1))
    if core is None or len(cores) < 2:
        yield
        return
    keep_to(database_pid(place), cores - {core})
    try:
        yield
    finally:
        keep_to(database_pid(place), cores)


def keep_to(pid: int, cores: set[int]) -> None:
    """Hold a process and its children to some cores."""
    for number in [pid, *children(pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(number, cores)


def database_pid(place: Place) -> int:
    """Return the process id of the staged PostgreSQL."""
    return int((place.settings.var / "postgres" / "postmaster.pid").read_text().split()[0])


def _answers(port: int) -> bool:
    with socket.socket() as link:
        link.settimeout(1)
        return link.connect_ex(("127.0.0.1", port)) == 0
