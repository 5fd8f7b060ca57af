"""Run something in the background once it is known to work."""

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from cli.errors import CliError

_END = "\0"  # what follows it on the pipe is the exit code and the last word


def detach(serve: Callable[[Callable[[], None]], int], log: Path) -> int:
    """Run `serve` in a background process, show what it says until it calls what it is given, and return 0 then.

    If it ends before, its error is raised here.
    """
    sys.stdout.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        if os.fork():
            os._exit(0)  # the one in between ends, so that no terminal can ever belong to the other
        _serve_in_background(serve, writer, log)
    os.close(writer)
    os.waitpid(child, 0)
    return _follow(reader)


def _serve_in_background(serve: Callable[[Callable[[], None]], int], writer: int, log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(writer, 1)
    os.dup2(writer, 2)
    os.close(writer)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    print(f"{_END}pid {os.getpid()}", flush=True)

    def ready() -> None:
        print(f"{_END}0", flush=True)
        log.parent.mkdir(parents=True, exist_ok=True)
        kept = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(kept, 1)
        os.dup2(kept, 2)
        os.close(kept)

    code = 1
    try:
        code = serve(ready)
        print(f"{_END}{code}", flush=True)
    except CliError as error:
        print(f"{_END}1 {error}", flush=True)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _follow(reader: int) -> int:
    background = 0
    with os.fdopen(reader, errors="replace") as lines:
        try:
            for line in lines:
                if not line.startswith(_END):
                    print(line, end="", flush=True)
                    continue
                word, _, rest = line[1:].rstrip("\n").partition(" ")
                if word == "pid":
                    background = int(rest)
                elif rest:
                    raise CliError(*_halves(rest))
                else:
                    return int(word)
        except KeyboardInterrupt:
            with contextlib.suppress(ProcessLookupError):
                os.kill(background, signal.SIGTERM)
            for line in lines:
                if not line.startswith(_END):
                    print(line, end="", flush=True)
            return 130
    raise CliError("The store ended while it was starting", "Start it without --detach to see more")


def _halves(text: str) -> tuple[str, str]:
    why, _, todo = text.rpartition(". ")
    return (why, todo) if why else (text, "Start it without --detach to see more")
