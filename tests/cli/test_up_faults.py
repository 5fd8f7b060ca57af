"""`./shop up` where it cannot work: one line that says why and what to do; and ended by hand it leaves nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.embedded.place import wait_until
from cli.lifeline import children_of
from domain.shared.settings import ROOT
from tests.processes import free_port

NAMESPACES = ["unshare", "--user", "--map-root-user", "--mount"]


def command(*before: str, **own: object) -> "subprocess.Popen[str]":
    """Start `./shop up` of an empty shop at free ports, in a group of its own as in a terminal."""
    ports = {f"SHOP_{name}_PORT": free_port() for name in ("STOREFRONT", "ADMIN", "SANDBOX", "SMTP")}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
    return subprocess.Popen(  # noqa: S603
        [*before, sys.executable, "-m", "cli", "up", "--empty"],
        cwd=ROOT,
        env=inherited | {key: str(value) for key, value in ({"SHOP_WORKER_PROCESSES": 1} | ports | own).items()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def refused(*before: str, **own: object) -> str:
    """Return the one line with which `./shop up` gives up."""
    process = command(*before, **own)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("shop: ")
    assert said.count("\n") == 1
    return said.removeprefix("shop: ").rstrip("\n")


@pytest.mark.parametrize(
    ("variable", "url", "words"),
    [
        ("SHOP_DATABASE_URL", "postgresql://shop:hush@127.0.0.1:{port}/shop", "PostgreSQL at 127.0.0.1:{port}"),
        ("SHOP_REDIS_URL", "redis://:hush@127.0.0.1:{port}/0", "Redis at 127.0.0.1:{port}"),
    ],
)
def test_a_server_that_does_not_answer_is_one_line(tmp_path: Path, variable: str, url: str, words: str) -> None:
    port = free_port()

    said = refused(SHOP_VAR=tmp_path, **{variable: url.format(port=port)})

    assert said.startswith(f"{words.format(port=port)} does not answer (")
    assert said.endswith(f"Start it, or correct {variable}, or unset it to use the embedded one.")
    assert "hush" not in said


def test_a_place_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")

    said = refused(SHOP_VAR=tmp_path / "file" / "var")

    assert said.startswith(f"Not a directory: {tmp_path}/file/var")
    assert said.endswith("Check the path, the permissions and the room.")


@pytest.mark.skipif(
    subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode != 0,  # noqa: S603
    reason="This machine lets nobody mount a disk of their own.",
)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("size=1m", "Only 1 MB are free at {var}. Make room for 1 GB, or set SHOP_VAR to a place on a larger disk."),
        ("ro", "Read-only file system: {var}/supervisor.pid. Check the path, the permissions and the room."),
    ],
)
def test_a_disk_without_room_is_one_line(tmp_path: Path, options: str, words: str) -> None:
    mount = f'mount -t tmpfs -o {options} none "{tmp_path}" && exec "$@"'

    said = refused(*NAMESPACES, "sh", "-c", mount, "sh", SHOP_VAR=tmp_path)

    assert said == words.format(var=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ended_in_the_terminal_it_leaves_no_process(tmp_path: Path, sent: signal.Signals) -> None:
    process = command(SHOP_VAR=tmp_path / "my shop")
    assert process.stdout is not None
    shown: list[str] = []
    while "Stop with Ctrl-C" not in (line := process.stdout.readline()):
        assert line, shown
        shown.append(line)
    children = children_of(process.pid)
    family = {*children, *(grandchild for child in children for grandchild in children_of(child))}
    assert len(family) >= 8

    if sent == signal.SIGINT:
        os.killpg(process.pid, sent)  # Ctrl-C reaches every process of the terminal at once
    else:
        process.send_signal(sent)
    said, _ = process.communicate(timeout=90)

    assert process.returncode == 0
    assert said.splitlines()[-2:] == ["Stopping…", "Stopped."]
    assert "Traceback" not in said
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), seconds=60)


def test_ended_while_it_starts_it_leaves_no_process(tmp_path: Path) -> None:
    process = command(SHOP_VAR=tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "Starting PostgreSQL and Redis…\n"

    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=90)

    assert process.returncode == 130
    assert "Traceback" not in said
    assert wait_until(lambda: not running_in(tmp_path), seconds=60)


def running_in(place: Path) -> list[int]:
    """Return the processes whose command names a place."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(place) in line.read_bytes().decode(errors="replace"):
                found.append(int(line.parent.name))
        except OSError:  # it ended while we looked
            continue
    return found
