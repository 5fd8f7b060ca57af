"""`python -m web.serve wsgi:APP`: serve an app by granian, and on SIGTERM let go of it without failing a request.

A load balancer learns only after some seconds that a task is going, and sends it requests meanwhile. So for `--drain`
seconds everything is answered as before, but /readyz says 503 and each answer asks for its connection to be closed;
then nothing new is taken, and what is under way is finished. A second signal cuts the wait short.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from web.drain import MARK


class Server(Granian):
    """granian, with a time between the signal and the end."""

    def __init__(self, target: str, *, drain: float, mark: Path, **options: Any) -> None:
        super().__init__(target, **options)
        self.drain, self.mark = drain, mark

    def shutdown(self, exit_code: int = 0) -> None:
        """Say that this server goes, wait, and end."""
        if self.interrupt_signal and self.drain:
            self.main_loop_interrupt.clear()
            self.mark.touch()
            self.main_loop_interrupt.wait(self.drain)
        super().shutdown(exit_code)


def main(words: list[str]) -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(prog="web.serve", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--drain", type=float, required=True, help="seconds between the signal and the end")
    parser.add_argument("--finish", type=int, required=True, help="seconds that requests under way have after that")
    parser.add_argument("app")
    args = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="cornershop-web-") as place:
        # Processes that are started anew read it from the environment too.
        os.environ[MARK] = str(Path(place) / "draining")
        Server(
            args.app,
            drain=args.drain,
            mark=Path(os.environ[MARK]),
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(),  # with a limit on how long a request may take to come in
            websockets=False,
            workers=args.workers,
            blocking_threads=args.threads,
            workers_kill_timeout=args.finish,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
        ).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
