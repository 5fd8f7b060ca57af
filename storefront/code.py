"""The code field as a page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CodeState:
    """What was just done with the code field: a code that was refused and why, or one that came in or out."""

    refused: str | None = None
    typed: str = ""
    changed: bool = False


def refused_code(why: str, *, typed: str) -> CodeState:
    """Return the field with a code that was refused, to be put right."""
    return CodeState(refused=why, typed=typed[:80])
