"""`./shop check`: style, security, types, import contracts and the tests of the architecture."""

import argparse
import subprocess
import sys
import time

from domain.shared.settings import ROOT, Settings

_OURS = ("domain", "web", "storefront", "admin", "workers", "cli", "migrations", "wsgi.py")
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--fix", action="store_true", help="correct what can be corrected, then check")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run every check and return 1 if any of them failed."""
    if args.fix:
        for words in (["check", "--fix", "--quiet", "."], ["format", "--quiet", "."]):
            subprocess.run([sys.executable, "-m", "ruff", *words], cwd=ROOT, check=False)  # noqa: S603
    failed = [name for name, argv in _checks() if not _passes(name, argv)]
    if failed:
        print(f"shop: {len(failed)} of the checks failed: {', '.join(failed)}.", file=sys.stderr)
        return 1
    return 0


def _checks() -> list[tuple[str, list[str]]]:
    python = [sys.executable, "-m"]
    checks = [
        ("style", [*python, "ruff", "check", "."]),
        ("format", [*python, "ruff", "format", "--check", "."]),
        ("security", [*python, "bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", *_OURS]),
        ("types", [*python, "mypy"]),
        ("imports", [sys.executable, "-c", _LINT_IMPORTS, "--no-cache", "--no-logo"]),
    ]
    if (ROOT / "tests" / "architecture").is_dir():
        checks.append(("architecture", [*python, "pytest", "-q", "tests/architecture"]))
    return checks


def _passes(name: str, argv: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603
        argv,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = done.returncode == 0
    print(f"{'ok    ' if good else 'FAILED'}  {name} ({time.monotonic() - started:.0f} s)", flush=True)
    if not good:
        print(done.stdout.rstrip(), flush=True)
    return good
