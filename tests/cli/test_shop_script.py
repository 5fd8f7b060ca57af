"""`./shop` finds a Python, installs once, and hands over from wherever it is called."""

import os
import subprocess
from pathlib import Path

import pytest

from domain.shared.settings import ROOT

PYTHON = """#!/bin/sh
# A stand-in that notes what it is asked to do.
place=$(CDPATH='' cd "$(dirname "$0")" && pwd)
case "$1 ${2:-} ${3:-}" in
  "-m venv --clear") mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
  "-m pip --version") ;;
  "-m pip install") sleep 0.5; echo install >>"$SHOP_TEST_NOTES"; test -z "${SHOP_TEST_FAIL:-}" ;;
  "-m cli "*) shift 2; echo "cli in $PYTHONPATH: $*" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a path with a space, holding the script, the locks and a stand-in for Python."""
    place = tmp_path / "my shop"
    (place / "requirements").mkdir(parents=True)
    (place / "shop").write_text((ROOT / "shop").read_text())
    (place / "shop").chmod(0o755)
    for name in ("up", "test"):
        (place / "requirements" / f"{name}.lock").write_text(f"{name}\n")
    python = place / "stand-in"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return place


def start(checkout: Path, *words: str, program: Path | None = None, **environment: str) -> "subprocess.Popen[str]":
    own = {"SHOP_PYTHON": str(checkout / "stand-in"), "SHOP_TEST_NOTES": str(checkout / "notes")}
    return subprocess.Popen(  # noqa: S603
        [program or checkout / "shop", *words],
        cwd="/",
        env={"PATH": os.environ["PATH"]} | own | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shop(checkout: Path, *words: str, program: Path | None = None, **environment: str) -> tuple[int, str, str]:
    process = start(checkout, *words, program=program, **environment)
    out, error = process.communicate(timeout=30)
    return process.returncode, out, error


def installs(checkout: Path) -> int:
    notes = checkout / "notes"
    return len(notes.read_text().split()) if notes.exists() else 0


def test_the_first_start_installs_and_the_second_does_not(checkout: Path) -> None:
    code, out, error = shop(checkout, "up", "--detach")
    assert (code, out) == (0, f"cli in {checkout}: up --detach\n")
    assert error.startswith("Installing packages (first run, about a minute)…")

    assert shop(checkout, "down") == (0, f"cli in {checkout}: down\n", "")
    assert installs(checkout) == 1
    assert not (checkout / ".venv.lock").exists()


def test_a_changed_lock_is_installed_and_test_packages_only_for_tests(checkout: Path) -> None:
    shop(checkout, "up")
    shop(checkout, "test")
    shop(checkout, "up")
    assert installs(checkout) == 2

    (checkout / "requirements" / "up.lock").write_text("newer\n")
    shop(checkout, "up")
    assert installs(checkout) == 3


def test_two_starts_at_once_install_once(checkout: Path) -> None:
    first, second = start(checkout, "up"), start(checkout, "down")

    assert (first.communicate(timeout=30)[0], second.communicate(timeout=30)[0]) == (
        f"cli in {checkout}: up\n",
        f"cli in {checkout}: down\n",
    )
    assert installs(checkout) == 1


def test_a_lock_left_by_a_killed_start_is_taken_over(checkout: Path) -> None:
    (checkout / ".venv.lock").mkdir()
    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    (checkout / ".venv.lock" / "pid").write_text(str(gone.pid))

    assert shop(checkout, "up")[0] == 0


def test_it_may_be_called_through_links(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "inner").symlink_to(checkout / "shop")
    (tmp_path / "outer").symlink_to("inner")

    assert shop(checkout, "down", program=tmp_path / "outer")[1] == f"cli in {checkout}: down\n"


def test_a_failed_install_is_one_line_and_is_tried_again(checkout: Path) -> None:
    code, out, error = shop(checkout, "up", SHOP_TEST_FAIL="yes")
    assert (code, out) == (1, "")
    assert error.splitlines()[-1] == (
        "shop: The packages could not be installed. Check the network and the room on the disk, then try again."
    )

    assert shop(checkout, "up")[0] == 0


def test_a_wrong_python_is_one_line(checkout: Path) -> None:
    code, out, error = shop(checkout, "up", SHOP_PYTHON="/bin/false")

    assert (code, out) == (1, "")
    assert error == "shop: SHOP_PYTHON (/bin/false) is not a Python 3.11 or newer. Set it to one, or unset it.\n"


def test_no_python_is_one_line(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "cksum", "grep", "mkdir", "rm", "cat"):
        (tools / name).symlink_to(f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}")
    for name in ("python3", "python3.11"):  # what an old distribution has
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)

    code, out, error = shop(checkout, "up", SHOP_PYTHON="", PATH=str(tools))

    assert (code, out) == (1, "")
    assert error == "shop: No Python 3.11 or newer is here. Install python3, or set SHOP_PYTHON to one.\n"
