"""The import contracts hold, and the top of the tree holds only what it should."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

AT_THE_TOP = {
    "admin", "cli", "docs", "domain", "infra", "migrations", "requirements", "static", "storefront", "templates",
    "tests", "web", "workers", "shop", "wsgi.py", "pyproject.toml", "README.md", "LICENSE", "Dockerfile",
    "compose.yaml",
}  # fmt: skip


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def tracked() -> list[str]:
    """Return the files of the project: what git tracks, or all there is where git is not at hand."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode == 0 and done.stdout:
        return [name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]
    return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


def test_the_top_of_the_tree_holds_nothing_unexpected() -> None:
    found = {name.split("/", 1)[0] for name in tracked()}
    assert {name for name in found if not name.startswith(".")} <= AT_THE_TOP


def test_no_module_is_named_after_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "manager", "service", "services", "misc", "common"}
    assert [n for n in tracked() if n.endswith(".py") and Path(n).stem in empty_words] == []


def test_no_file_outgrows_a_reader() -> None:
    kinds = (".py", ".html", ".css", ".js")
    grown = {
        name: lines
        for name in tracked()
        if name.endswith(kinds) and not name.startswith(("static/vendor/", "migrations/versions/"))
        if (lines := len((ROOT / name).read_text().splitlines())) > 320
    }
    assert grown == {}


def test_the_domain_has_every_context_of_the_design() -> None:
    contexts = {path.name for path in (ROOT / "domain").iterdir() if (path / "__init__.py").exists()}
    assert contexts == {
        "analytics", "cart", "catalog", "notifications", "orders", "payments", "promotions", "recommendations",
        "reviews", "shared", "users", "wishlist",
    }  # fmt: skip
