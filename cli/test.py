"""`./shop test`: run the tests, with a browser found or fetched for the journeys."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cli.errors import CliError
from domain.shared.settings import ROOT, Settings

TESTS = ROOT / "tests"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOT_PATHS = ("-k", "-m", "-p", "-n", "-c", "-o", "-r", "-W", "--dist", "--base-url", "--admin-url", "--sandbox-url")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options: all of pytest's, and a folder of tests/ by its name."""
    parser.usage = "./shop test [folder of tests/] [options of pytest]"
    parser.epilog = (
        "Examples: ./shop test · ./shop test domain -k cart · ./shop test journeys --base-url https://shop.example"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run pytest on what was asked for and return its exit code."""
    words = as_paths(args.rest)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SHOP_")}
    environment |= {key: value for key, value in os.environ.items() if key.startswith("SHOP_TEST_")}
    if needs_browser(words):
        environment |= find_browser(environment)
    whole = not (_paths(words) or _says_how_many(words))
    # Two workers, each with a database and a store of its own, when there is enough to share out; -n 0 forces one. They
    # are handed one test after another, as a journey takes as long as a hundred others.
    parallel = ["-n", "2", "--maxschedchunk", "1"] if whole and (os.cpu_count() or 1) >= 2 else []
    # A run of everything says where its time went.
    slowest = ["--durations", "40", "--durations-min", "5"] if whole else []
    argv = [sys.executable, "-m", "pytest", *parallel, *slowest, *words]
    return subprocess.run(argv, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, check=False).returncode  # noqa: S603


def as_paths(words: list[str]) -> list[str]:
    """Let a first word that is a folder of tests/ stand for that folder."""
    if words and not words[0].startswith("-") and (TESTS / words[0]).is_dir():
        return [f"tests/{words[0]}", *words[1:]]
    return words


def needs_browser(words: list[str]) -> bool:
    """Say whether these words reach the journeys: when they name no path, or one of theirs."""
    paths = _paths(words)
    return not paths or any("journeys" in path or path.rstrip("/") == "tests" for path in paths)


def find_browser(environment: dict[str, str]) -> dict[str, str]:
    """Return the variable that names the browser; fetch one if this machine has none."""
    if environment.get("SHOP_TEST_CHROMIUM"):
        return {}
    found = _on_path()
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the journeys (first run, a minute or two)…", flush=True)
        noninteractive = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
            subprocess.run(  # noqa: S603
                ["apt-get", "-qq", *words],  # noqa: S607
                env=noninteractive, stdin=subprocess.DEVNULL, capture_output=True, check=False,
            )  # fmt: skip
        found = _on_path()
    if found is not None:
        return {"SHOP_TEST_CHROMIUM": found}
    if not _playwright_has_one():
        print("Fetching Chromium for the journeys (first run, a minute or two)…", flush=True)
        if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode != 0:
            raise CliError(
                "There is no Chromium here, and none could be fetched",
                "Install chromium, or set SHOP_TEST_CHROMIUM to one, or leave the journeys out: "
                "./shop test --ignore tests/journeys",
            )
    return {}


def _on_path() -> str | None:
    return next((path for path in map(shutil.which, _BROWSERS) if path), None)


def _playwright_has_one() -> bool:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return any(cache.glob("chromium*"))


def _paths(words: list[str]) -> list[str]:
    return [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in _NOT_PATHS
    ]


def _says_how_many(words: list[str]) -> bool:
    return any(word.startswith(("-n", "--numprocesses", "--pdb", "--collect-only", "--co")) for word in words)
