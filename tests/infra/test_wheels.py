"""The image can be built for both kinds of processor: everything in its lock exists as a wheel for each."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from infra.wheels import PLATFORMS, PYTHON, command

ROOT = Path(__file__).resolve().parents[2]


def test_the_python_asked_about_is_that_of_the_image() -> None:
    bases = set(re.findall(r"^FROM python:([\d.]+)-slim", (ROOT / "Dockerfile").read_text(), re.MULTILINE))

    assert bases == {PYTHON}


@pytest.mark.skipif(
    "SHOP_TEST_REGISTRY" not in os.environ, reason="asks the package registry: set SHOP_TEST_REGISTRY=1"
)
@pytest.mark.parametrize("machine", PLATFORMS.values())
def test_every_package_of_the_image_is_there_for(machine: str, tmp_path: Path) -> None:
    done = subprocess.run(command(machine, str(tmp_path)), capture_output=True, text=True, check=False)  # noqa: S603

    assert done.returncode == 0, done.stderr
    assert any(machine in path.name for path in tmp_path.iterdir())
