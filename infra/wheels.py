"""`python infra/wheels.py`: does everything in the image exist ready-made for both kinds of processor?

The last stage of the image has no compiler, and neither has the first: a package without a wheel would end the build.
Asks the package registry, with the hashes of the lock, and runs nothing of what it gets.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = {"linux/arm64": "aarch64", "linux/amd64": "x86_64"}
PYTHON = "3.13"
"""As in the Dockerfile."""


def command(machine: str, folder: str, lock: str = "production") -> list[str]:
    """Return what fetches the wheels of a lock for one kind of processor."""
    abi = f"cp{PYTHON.replace('.', '')}"
    glibc = [f"manylinux_2_{minor}" for minor in range(28, 16, -1)] + ["manylinux2014"]
    platforms = [word for name in glibc for word in ("--platform", f"{name}_{machine}")]
    return [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--dest", folder,
        "--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version", PYTHON, "--implementation", "cp",
        "--abi", abi, "--abi", "abi3", "--abi", "none", *platforms,
        "-r", str(ROOT / "requirements" / f"{lock}.lock"),
    ]  # fmt: skip


def main() -> int:
    """Say for each platform how many wheels there are, or which is missing."""
    missing = False
    for platform, machine in PLATFORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(command(machine, folder), capture_output=True, text=True, check=False)  # noqa: S603
            found = [path.name for path in Path(folder).iterdir()]
        if done.returncode:
            missing = True
            print(f"{platform}: {done.stderr.strip().splitlines()[-1]}")
        else:
            print(f"{platform}: {len(found)} wheels, {sum(machine in name for name in found)} made for it.")
    return int(missing)


if __name__ == "__main__":
    sys.exit(main())
