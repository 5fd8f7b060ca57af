"""What a container asks itself: does the part of the store that runs here answer?"""

import sys
from pathlib import Path

from cli.processes import is_healthy
from domain.shared.settings import Settings


def role_of(words: list[str]) -> str:
    """Return the role that a command line runs; parts that serve no pages are well while they run."""
    for role in ("storefront", "admin"):
        if f"wsgi:{role}" in words:
            return role
    return "sandbox" if "cli.sandbox" in words else "other"


if __name__ == "__main__":
    first = Path("/proc/1/cmdline").read_text().split("\0")
    sys.exit(0 if is_healthy(role_of(first), Settings()) else 1)  # type: ignore[call-arg]
