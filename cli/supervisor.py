"""The supervisor: runs processes, keeps their logs, starts crashed ones again and ends them in order.

One thread and one select loop: a fork is then safe at any moment, and the kernel's parent-death signal, which goes by
thread, means what it says.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cli.errors import CliError
from cli.lifeline import adopt_orphans, children_of, die_with_parent
from cli.logs import LogFile, Screen
from domain.shared.settings import ROOT

FIRST_WAIT, LONGEST_WAIT, HEALTHY_AFTER = 0.5, 30.0, 15.0
GRACE = 15.0


@dataclass(frozen=True, kw_only=True)
class Process:
    """One kind of process: what to run, how to end it, and in which tier; higher tiers start later and end earlier.

    The terminal gets the lines that matter, unless the process is one whose warnings are for its log alone.
    """

    name: str
    argv: list[str]
    tier: int
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    ready: Callable[[], bool] | None = None
    shown: bool = True


@dataclass(kw_only=True, eq=False)
class _Child:
    process: Process
    log: LogFile
    popen: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait: float = FIRST_WAIT
    start_again_at: float | None = None
    code: int = 0
    rest: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=20))


class StopAsked(Exception):
    """Somebody asked the supervisor to stop while it was still starting."""


class Supervisor:
    """Runs processes until a signal ends it."""

    def __init__(
        self, log_dir: Path, screen: Screen, *, grace: float = GRACE, healthy_after: float = HEALTHY_AFTER
    ) -> None:
        self._log_dir, self._screen, self._grace, self._healthy_after = log_dir, screen, grace, healthy_after
        self._children: list[_Child] = []
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop = False
        self._starting: set[str] = set()

    def __enter__(self) -> "Supervisor":
        adopt_orphans()
        reader, self._writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._selector.register(reader, selectors.EVENT_READ, None)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
                signal.signal(number, self._ask_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_all()
        signal.set_wakeup_fd(-1)
        self._selector.close()
        for child in self._children:
            child.log.close()

    def start(self, process: Process) -> None:
        """Start a process and, if it can tell, wait until it is ready."""
        child = _Child(process=process, log=LogFile(self._log_dir / f"{process.name}.log"))
        self._children.append(child)
        self._spawn(child)
        if process.ready is not None:
            ready = process.ready
            self.wait_until(lambda _: ready(), [process.name])

    def wait_until(self, ready: Callable[[str], bool], names: Sequence[str], *, seconds: float = 120.0) -> None:
        """Wait until these processes are ready; if one ends before, say why and start nothing more."""
        deadline = time.monotonic() + seconds
        self._starting |= set(names)
        children = {child.process.name: child for child in self._children}
        for name in names:
            while not ready(name):
                self._turn(0.1)
                if self._asked_to_stop:
                    raise StopAsked
                for child in (children[other] for other in names):
                    if child.popen is None:
                        raise CliError(
                            f"{child.process.name} did not start ({_reason(child)})", f"Read {child.log.path} for more"
                        )
                if time.monotonic() > deadline:
                    path = children[name].log.path
                    raise CliError(f"{name} did not answer in {seconds:.0f} seconds", f"Read {path} for the reason")
        self._starting -= set(names)

    def run_once(self, process: Process, *, show: bool) -> None:
        """Run a process to its end beside the others; raise if it fails."""
        child = _Child(process=process, log=LogFile(self._log_dir / f"{process.name}.log"))
        self._children.append(child)
        self._starting.add(process.name)
        if show:
            self._screen.show_all(process.name)
        self._spawn(child)
        while child.popen is not None:
            self._turn(0.5)
            if self._asked_to_stop:
                raise StopAsked
        self._children.remove(child)
        child.log.close()
        self._starting.discard(process.name)
        if child.code != 0:
            raise CliError(f"{process.name} failed ({_reason(child)})", f"Read {child.log.path} for more")

    def run(self) -> None:
        """Watch over everything until a signal comes."""
        while not self._asked_to_stop:
            self._turn(1.0)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _turn(self, longest: float) -> None:
        now = time.monotonic()
        waits = [child.start_again_at - now for child in self._children if child.start_again_at is not None]
        for key, _ in self._selector.select(max(0.0, min([longest, *waits]))):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._read(key.data)
        for child in list(self._children):
            if child.popen is not None and child.popen.poll() is not None:
                self._ended(child)
            elif child.start_again_at is not None and time.monotonic() >= child.start_again_at:
                self._spawn(child)
        self._bury_adopted()

    def _bury_adopted(self) -> None:
        ours = {child.popen.pid for child in self._children if child.popen is not None}
        with contextlib.suppress(ChildProcessError):
            while found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if found.si_pid in ours:  # its own turn comes
                    return
                os.waitpid(found.si_pid, 0)

    def _spawn(self, child: _Child) -> None:
        process = child.process
        child.start_again_at, child.started_at = None, time.monotonic()
        child.popen = subprocess.Popen(  # noqa: S603
            process.argv,
            env=process.environment or None,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(process.stop_signal),
            bufsize=0,
        )
        assert child.popen.stdout is not None
        os.set_blocking(child.popen.stdout.fileno(), False)
        self._selector.register(child.popen.stdout, selectors.EVENT_READ, child)

    def _read(self, child: _Child) -> None:
        if child.popen is None or child.popen.stdout is None:
            return
        while chunk := child.popen.stdout.read(65536):  # None when there is no more for now, empty at the end
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            for line in lines:
                self._note(child, line)
        if chunk is not None:
            self._close_output(child.popen)

    def _note(self, child: _Child, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        child.log.write(text)
        child.last_lines.append(text)
        if child.process.shown:
            self._screen.line(child.process.name, text)

    def _ended(self, child: _Child) -> None:
        popen = child.popen
        assert popen is not None
        self._read(child)
        if child.rest:
            self._note(child, child.rest)
            child.rest = b""
        self._close_output(popen)
        _kill_group(popen.pid)  # what the process itself started must not hold its port or its jobs
        child.popen, child.code = None, popen.returncode
        name = child.process.name
        if self._asked_to_stop or name in self._starting:
            return
        if time.monotonic() - child.started_at >= self._healthy_after:
            child.wait = FIRST_WAIT
        child.log.write(f"[ended with {_code(popen.returncode)}; starting again in {child.wait:g} s]")
        self._screen.say(f"{name} ended with {_code(popen.returncode)} ({_reason(child)}); again in {child.wait:g} s.")
        child.start_again_at = time.monotonic() + child.wait
        child.wait = min(child.wait * 2, LONGEST_WAIT)

    def _close_output(self, popen: subprocess.Popen[bytes]) -> None:
        if popen.stdout is not None:
            self._selector.unregister(popen.stdout)
            popen.stdout.close()
            popen.stdout = None

    def _stop_all(self) -> None:
        self._asked_to_stop = True
        for child in self._children:
            child.start_again_at = None
        for tier in sorted({child.process.tier for child in self._children}, reverse=True):
            self._stop([child for child in reversed(self._children) if child.process.tier == tier])
        for pid in children_of(os.getpid()):  # orphans of our children, adopted
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)

    def _stop(self, children: list[_Child]) -> None:
        for child in children:
            if child.popen is not None:
                child.popen.send_signal(child.process.stop_signal)
        deadline = time.monotonic() + self._grace
        while any(child.popen for child in children) and time.monotonic() < deadline:
            self._turn(0.2)
        for child in children:
            if child.popen is not None:
                self._screen.say(f"{child.process.name} did not end in {self._grace:.0f} seconds and was killed.")
                _kill_group(child.popen.pid)
                child.popen.wait()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _code(returncode: int) -> str:
    return f"signal {signal.Signals(-returncode).name}" if returncode < 0 else f"exit code {returncode}"


def _reason(child: _Child) -> str:
    said = [line.strip() for line in child.last_lines if line.strip()]
    return said[-1].rstrip(".")[:300] if said else "it said nothing"
