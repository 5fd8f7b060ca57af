"""What a container asks itself: whether its part answers, as often as image and tasks say, and for little."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.healthcheck import is_well
from cli.processes import argv_of, is_healthy
from domain.shared.settings import ROOT, Settings
from tests.faults.store import settings_of
from tests.processes import eventually, free_port, running_program


@pytest.mark.parametrize("role", ["storefront", "admin", "sandbox"])
def test_what_serves_pages_is_well_once_it_answers_and_for_whoever_starts_it_just_so(
    role: str, settings: Settings, tmp_path: Path
) -> None:
    """The check knows nothing but the process: where it listens and by which name, the role has handed to it."""
    port = free_port()
    own = settings_of(settings, tmp_path, admin_port=port, admin_url=f"http://staff.example:{port}")
    elsewhere = own.model_copy(update={f"{role}_port": free_port()})
    with running_program(argv_of(role, own), own, tmp_path / "log") as process:
        eventually(lambda: is_well(process.pid), seconds=60)
        assert is_healthy(role, own)
        assert not is_healthy(role, elsewhere)


def test_what_serves_pages_and_answers_nobody_is_not_well(settings: Settings, tmp_path: Path) -> None:
    own = settings_of(settings, tmp_path)
    idle = [sys.executable, "-c", "import time; time.sleep(600)", "wsgi:storefront"]
    with running_program(idle, own, tmp_path / "log") as process:
        # Until the kernel has begun it there is no word of what it is.
        eventually(lambda: "wsgi:storefront" in Path(f"/proc/{process.pid}/cmdline").read_text())
        assert not is_well(process.pid)


def test_what_is_no_part_of_the_store_is_well_while_it_runs(settings: Settings, tmp_path: Path) -> None:
    with running_program([sys.executable, "-c", "import time; time.sleep(600)"], settings, tmp_path / "log") as process:
        assert eventually(lambda: is_well(process.pid))


def test_a_look_imports_nothing_but_python_itself() -> None:
    """It starts anew each time: the settings' own code would cost it ten times as much as all the rest."""
    ask = "import sys, cli.healthcheck; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    said = subprocess.run([sys.executable, "-S", "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603

    assert set(said.stdout.split()) - set(sys.stdlib_module_names) <= {"__main__", "cli", "workers"}


def test_image_and_tasks_look_equally_often() -> None:
    """And Docker Compose as the image says: a test of its own has every part of it checked."""
    look = r"--interval=(\d+)s --timeout=(\d+)s --start-period=(\d+)s --retries=(\d+) CMD (.+)"
    image = re.search(rf"^HEALTHCHECK {look}$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    task = (ROOT / "infra" / "modules" / "service" / "main.tf").read_text().split("healthCheck = {", 1)[1]
    names = ("interval", "timeout", "startPeriod", "retries")
    said = [re.search(rf"^\s+{name}\s+= (\d+)$", task, re.MULTILINE) for name in names]
    command = re.search(r"^\s+command\s+= (\[.+\])$", task, re.MULTILINE)

    assert image is not None
    assert command is not None
    assert [found and found[1] for found in said] == list(image.groups()[:4]) == ["30", "10", "60", "3"]
    assert command[1].replace('["CMD", ', "[") == image[5]
