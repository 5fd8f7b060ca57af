"""The supervisor keeps its processes running, ends them in order and leaves none behind."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.embedded.place import wait_until
from domain.shared.settings import ROOT

Start = Callable[..., "subprocess.Popen[str]"]

SLEEP = "import time; print('pid', __import__('os').getpid(), flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a supervisor of these processes, each NAME=TIER=CODE, and wait until it says that it is up."""
    started = []

    def go(*wanted: str, grace: float = 5, healthy: float = 15) -> "subprocess.Popen[str]":
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.cli.supervised", str(tmp_path), str(grace), str(healthy), *wanted],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield go
    for process in started:
        process.kill()
        process.wait()


def stop(process: "subprocess.Popen[str]", sent: signal.Signals = signal.SIGTERM) -> str:
    process.send_signal(sent)
    said, _ = process.communicate(timeout=20)
    return said


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def pid_in(log: Path) -> int:
    assert wait_until(lambda: log.exists() and "pid " in log.read_text(), seconds=60)
    return int(log.read_text().split("pid ")[-1].split()[0])


def test_a_crashed_process_starts_again_after_longer_and_longer_waits(start: Start, tmp_path: Path) -> None:
    times = tmp_path / "times"
    process = start(f"frail=1=import time; open({str(times)!r}, 'a').write(f'{{time.time()}}\\n'); raise SystemExit(3)")

    assert wait_until(lambda: times.exists() and len(times.read_text().split()) >= 3, seconds=60)

    said = stop(process)
    first, second, third = (float(line) for line in times.read_text().split()[:3])
    # It writes the time as it ends, so that a busy machine makes these longer and never shorter.
    assert second - first > 0.4
    assert third - second > 0.9
    assert "frail ended with exit code 3 (it said nothing); again in 0.5 s." in said
    assert "again in 1 s." in said


def test_a_process_that_ran_well_for_a_while_is_not_kept_waiting_when_it_crashes(start: Start, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    # It dies at once, twice, runs for longer than it takes to count as healthy, and dies again.
    code = (
        "import time; from pathlib import Path\n"
        f"runs = Path({str(runs)!r}); n = len(runs.read_text()) if runs.exists() else 0\n"
        "runs.write_text('x' * (n + 1)); time.sleep(1.2 if n == 2 else 0); raise SystemExit(3)\n"
    )
    process = start(f"frail=1={code}", healthy=1)

    assert wait_until(lambda: runs.exists() and len(runs.read_text()) >= 5, seconds=60)

    waits = re.findall(r"again in ([\d.]+) s", stop(process))
    assert waits[:4] == ["0.5", "1", "0.5", "1"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_processes_end_in_the_reverse_order_of_their_tiers(start: Start, tmp_path: Path, sent: signal.Signals) -> None:
    ends = tmp_path / "ends"
    polite = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.1)\n"
        f"    open({str(ends)!r}, 'a').write('NAME\\n')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('pid', flush=True)\n"
        "time.sleep(60)\n"
    )
    process = start(
        *(f"{name}={tier}={polite.replace('NAME', name)}" for tier, name in enumerate(["db", "job", "web"]))
    )
    for name in ("db", "job", "web"):
        assert wait_until(lambda log=tmp_path / f"{name}.log": "pid" in log.read_text(), seconds=60)

    said = stop(process, sent)

    assert ends.read_text().split() == ["web", "job", "db"]
    assert said == "down\n"
    assert process.returncode == 0


def test_a_process_that_will_not_end_is_killed_after_the_grace(start: Start, tmp_path: Path) -> None:
    process = start(f"stubborn=1={STUBBORN}", grace=0.5)
    pid = pid_in(tmp_path / "stubborn.log")

    said = stop(process)

    assert "stubborn did not end" in said
    assert not is_alive(pid)


def test_nothing_is_left_when_the_supervisor_itself_is_killed(start: Start, tmp_path: Path) -> None:
    process = start(f"one=1={SLEEP}", f"two=2={SLEEP}")
    pids = [pid_in(tmp_path / "one.log"), pid_in(tmp_path / "two.log")]

    process.kill()
    process.wait()

    assert wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=60)


def test_what_a_crashed_process_had_started_ends_with_it(start: Start, tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('pid', child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    process = start(f"parent=1={parent}")
    orphan = pid_in(tmp_path / "parent.log")
    os.kill(int(Path(f"/proc/{orphan}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL)

    assert wait_until(lambda: not is_alive(orphan), seconds=60)
    stop(process)


def test_a_full_log_is_set_aside(tmp_path: Path) -> None:
    from cli.logs import LogFile

    log = LogFile(tmp_path / "a.log", largest=20)
    for number in range(12):
        log.write(f"line {number:02}")
    log.close()

    kept = {path.name: path.read_text().split("\n")[:-1] for path in tmp_path.iterdir()}
    assert kept == {
        "a.log": ["line 10", "line 11"],
        "a.log.1": ["line 08", "line 09"],
        "a.log.2": ["line 06", "line 07"],
        "a.log.3": ["line 04", "line 05"],
    }


def test_the_terminal_shows_what_matters_and_of_a_traceback_its_last_line() -> None:
    from cli.logs import Screen

    shown: list[str] = []
    screen = Screen(shown.append)
    for line in (
        "listening",
        '{"level": "info", "event": "page shown"}',
        '{"level": "error", "event": "page failed", "path": "/cart"}',
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "    raise ValueError",
        "ValueError: no",
        "listening",
    ):
        screen.line("web", line)

    assert shown == ["web         error: page failed (/cart)", "web         ValueError: no"]


def test_supervision_costs_no_time_when_nothing_happens(start: Start, tmp_path: Path) -> None:
    process = start(f"one=1={SLEEP}")
    pid_in(tmp_path / "one.log")
    before = _cpu(process.pid)

    time.sleep(1.5)

    assert _cpu(process.pid) - before <= 0.05
    stop(process)


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
