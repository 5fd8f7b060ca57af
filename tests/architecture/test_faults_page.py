"""The page of faults names tests that exist, and every fault the shop promises to bear."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text()


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"\[([a-z_]+)\]\(\.\./(tests/[\w/]+\.py)\)", PAGE)
    assert len(named) > 50
    gone = [(path, name) for name, path in named if f"test_{name}" not in functions_of(ROOT / path)]
    assert gone == []


def test_every_row_of_the_page_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what happens")]
    assert [row for row in rows if "](../tests/" not in row] == []


def test_every_test_of_faults_is_on_the_page() -> None:
    tests = {name for path in (ROOT / "tests" / "faults").glob("test_*.py") for name in functions_of(path)}
    assert [name for name in sorted(tests) if name.startswith("test_") and f"[{name[5:]}]" not in PAGE] == []


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}
