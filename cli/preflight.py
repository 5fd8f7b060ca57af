"""What must be so before a store can start: room on the disk, free ports, servers that answer."""

import os
import shutil
import socket
from pathlib import Path

from cli.environment import is_embedded
from cli.errors import CliError
from cli.reach import check_database, check_redis
from domain.shared.settings import Settings

_LEAST_ROOM = 1_000_000_000


def check(settings: Settings) -> None:
    """Raise an error of one line for the first thing that is missing."""
    settings.var.mkdir(parents=True, exist_ok=True)
    check_room(settings.var)
    if settings.storefront_port == settings.admin_port:
        raise CliError(
            f"Storefront and admin are both to answer on port {settings.admin_port}",
            "Set SHOP_STOREFRONT_PORT or SHOP_ADMIN_PORT to another one",
        )
    for name, port in (("STOREFRONT", settings.storefront_port), ("ADMIN", settings.admin_port)):
        check_port(settings.host, port, f"SHOP_{name}_PORT")
    own_database, own_redis = is_embedded(settings)
    if not own_database:
        check_database(settings)
    if not own_redis:
        check_redis(settings)


def check_room(var: Path) -> None:
    """Raise an error if the disk is nearly full."""
    free = shutil.disk_usage(var).free
    if free < _LEAST_ROOM:
        raise CliError(
            f"Only {free // 1_000_000} MB are free at {var}",
            "Make room for 1 GB, or set SHOP_VAR to a place on a larger disk",
        )


def check_port(host: str, port: int, variable: str) -> None:
    """Raise an error if a port cannot be had."""
    why = _taken(host, port)
    if why is not None:
        raise CliError(f"Port {port} {why}", f"Set {variable} to a free one, or stop what runs there")


def choose_port(host: str, port: int, variable: str, *, but_not: set[int]) -> int:
    """Return this port, which the environment may insist on, or else the next one that is free."""
    if os.environ.get(variable):
        check_port(host, port, variable)
        return port
    for candidate in range(port, min(port + 1000, 65536)):
        if candidate not in but_not and _taken(host, candidate) is None and _reserve(candidate):
            return candidate
    raise CliError(f"No port from {port} on is free", f"Set {variable} to a free one")


def _reserve(port: int) -> bool:
    """Keep a port for this process and its background copy, so that two stores that start at once choose two.

    The name is the kernel's own, so it holds between stores of different users too, and goes with its process.
    """
    kept = socket.socket(socket.AF_UNIX)
    try:
        kept.bind(f"\0cornershop-port-{port}")
    except OSError:
        kept.close()
        return False
    kept.detach()  # open, and with that kept, for as long as this process lives
    return True


def _taken(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            link.bind((host, port))
            link.listen(1)
        except PermissionError:
            return "is kept for root"
        except OSError:
            return "is in use"
    return None
