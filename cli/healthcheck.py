"""What a container asks itself: does the part of the store that runs here answer?"""

import sys
from pathlib import Path

from cli.processes import is_healthy
from domain.shared.settings import Settings
from workers.alive import is_alive

BACKGROUND = {"workers.work": "worker", "workers.relay": "relay", "workers.cron": "scheduler"}


def role_of(words: list[str]) -> str:
    """Return the role that a command line runs; what is none of the store's parts is well while it runs."""
    for role in ("storefront", "admin"):
        if f"wsgi:{role}" in words:
            return role
    background = next((role for module, role in BACKGROUND.items() if module in words), "other")
    return "sandbox" if "cli.sandbox" in words else background


def is_well(pid: int, settings: Settings) -> bool:
    """Ask the part that runs as a process whether it answers, or whether it gave a sign of life lately."""
    role = role_of(Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
    return is_alive(settings.var, role, pid) if role in BACKGROUND.values() else is_healthy(role, settings)


if __name__ == "__main__":
    sys.exit(0 if is_well(1, Settings()) else 1)  # type: ignore[call-arg]
