"""Read the size files, env/*.tfvars: numbers, words, yes or no, lists and objects; nothing computed."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
NAMES = ("mvp", "standard", "hardened")

_TOKEN = re.compile(
    r'\s+|#[^\n]*|(?P<text>"[^"\\]*")|(?P<number>-?\d+(?:\.\d+)?)' r"|(?P<word>[A-Za-z_][\w-]*)|(?P<mark>[{}\[\]=,])"
)


class Unreadable(ValueError):
    """A size file holds something else than plain values."""


def read(name: str) -> dict[str, Any]:
    """Return the variables of a size."""
    return parse((HERE / "env" / f"{name}.tfvars").read_text())


def parse(text: str) -> dict[str, Any]:
    """Return the variables that a tfvars text sets."""
    return _pairs(_Tokens(text), end=None)


class _Tokens:
    def __init__(self, text: str) -> None:
        self._found: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise Unreadable(f"Not a plain value: {text[at : at + 20]!r}")
            if match.lastgroup:
                self._found.append((match.lastgroup, match.group()))
            at = match.end()

    def next(self) -> tuple[str, str]:
        return self._found.pop(0) if self._found else ("end", "")

    def skip(self, mark: str) -> bool:
        if self._found and self._found[0] == ("mark", mark):
            self._found.pop(0)
            return True
        return False

    def empty(self) -> bool:
        return not self._found


def _pairs(tokens: _Tokens, *, end: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not (tokens.empty() if end is None else tokens.skip(end)):
        kind, name = tokens.next()
        if kind not in ("word", "text") or not tokens.skip("="):
            raise Unreadable(f"A name and = should stand at {name!r}")
        found[name.strip('"')] = _value(tokens)
        tokens.skip(",")
    return found


def _value(tokens: _Tokens) -> Any:
    match tokens.next():
        case ("text", text):
            return text[1:-1]
        case ("number", number):
            return Decimal(number)
        case ("word", "true" | "false" as word):
            return word == "true"
        case ("mark", "{"):
            return _pairs(tokens, end="}")
        case ("mark", "["):
            items = []
            while not tokens.skip("]"):
                items.append(_value(tokens))
                tokens.skip(",")
            return items
        case (_, other):
            raise Unreadable(f"Not a plain value: {other!r}")
