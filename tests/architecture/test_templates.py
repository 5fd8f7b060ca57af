"""Templates keep their promises: partials have one root and one id, and nothing is inline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if "emails" not in p.parts)
PARTIALS = [p for p in PAGES if p.name.startswith("_")]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


class Roots(HTMLParser):
    """Collects the elements that stand at the top of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


def without_jinja(source: str) -> str:
    """Drop statements and comments; an expression becomes a word, so that attributes stay attributes."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}", "", source, flags=re.S)
    return re.sub(r"\{\{.*?\}\}", "x", source, flags=re.S)


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_a_partial_has_one_root_with_an_id(path: Path) -> None:
    roots = Roots()
    roots.feed(without_jinja(path.read_text()))
    assert len(roots.roots) == 1, [tag for tag, _ in roots.roots]
    assert roots.roots[0][1].get("id"), f"<{roots.roots[0][0]}> has no id"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_is_inline_and_nothing_is_evaluated(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", source), "an inline script"
    assert not re.search(r"<style\b|\sstyle=", source), "an inline style"
    assert not re.search(r"\son[a-z]+=|\shx-on|[\"']js:", source), "a script in an attribute"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.*")), ids=name)
def test_a_template_can_be_parsed(path: Path) -> None:
    Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_htmx_request_has_a_plain_form_or_link_under_it(path: Path) -> None:
    source = without_jinja(path.read_text())
    for tag in re.findall(r"<[a-z][^>]*\shx-(?:get|post)=[^>]*>", source):
        own = re.match(r"<(a|form|button|input|select|fieldset)\b", tag)
        polls = "hx-trigger" in tag
        assert polls or own, f"only a script can follow {tag[:120]}"
        if own and own[1] == "a":
            assert "href=" in tag, tag[:120]
        if own and own[1] == "form":
            assert "action=" in tag or "method=" in tag, tag[:120]
