"""Ports of this machine."""

import contextlib
import random
import socket


def free_port() -> int:
    """Return a port that was free a moment ago, below those that the kernel lends to other programs' connections."""
    while True:
        port = random.randint(20_000, 30_000)  # noqa: S311 - nobody has to guess it
        with socket.socket() as link, contextlib.suppress(OSError):
            link.bind(("127.0.0.1", port))
            return port
