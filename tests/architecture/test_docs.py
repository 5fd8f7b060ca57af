"""Generated pages of the docs are what the code says today, and links between the docs lead somewhere."""

import re
from pathlib import Path

import pytest

from cli.docs import PAGES

ROOT = Path(__file__).resolve().parents[2]
PROSE = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text()
    assert kept == PAGES[name](), "Run ./shop docs and commit what it writes."


@pytest.mark.parametrize("page", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_the_docs_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []
