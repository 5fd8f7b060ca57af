"""An embedded server: how to start it, how to stop it and how to know that it answers."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cli.embedded.place import sole_use, wait_until
from cli.errors import CliError
from cli.lifeline import die_with_parent


@dataclass(frozen=True)
class Server:
    """A server that is ready to be started."""

    name: str
    url: str
    argv: list[str]
    ready: Callable[[], bool]
    stop_signal: signal.Signals
    environment: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def running(var: Path, name: str, prepare: Callable[[], Server]) -> Iterator[str]:
    """Run a server for the length of a block and give its address; nobody else may run it meanwhile."""
    with sole_use(var, name):
        server = prepare()
        log = var / "log" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603
                server.argv,
                env=os.environ | server.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(server.stop_signal),
            )
        try:
            if (
                not wait_until(lambda: process.poll() is not None or server.ready(), seconds=60)
                or process.poll() is not None
            ):
                raise CliError(f"The embedded {name} did not start", f"Read {log} for the reason")
            yield server.url
        finally:
            process.send_signal(server.stop_signal)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
