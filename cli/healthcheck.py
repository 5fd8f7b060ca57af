"""What a container asks itself: does the part of the store that runs here answer?

Each time a Python starts for it, so it does without the settings' own code, which takes ten times as long to import: a
role hands all of its settings to the process that it becomes, and they are read there.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from cli.answers import answers, listens
from workers.alive import is_alive

BACKGROUND = {"workers.work": "worker", "workers.relay": "relay", "workers.cron": "scheduler"}


def role_of(words: list[str]) -> str:
    """Return the role that a command line runs; what is none of the store's parts is well while it runs."""
    for role in ("storefront", "admin"):
        if f"wsgi:{role}" in words:
            return role
    background = next((role for module, role in BACKGROUND.items() if module in words), "other")
    return "sandbox" if "cli.sandbox" in words else background


def is_well(pid: int) -> bool:
    """Ask the part that runs as a process whether it answers, or whether it gave a sign of life lately."""
    words, given = _words(pid, "cmdline"), dict(word.split("=", 1) for word in _words(pid, "environ") if "=" in word)
    if not words or not given:  # the kernel has just begun to start it
        return False
    role = role_of(words)
    if role in BACKGROUND.values():
        return is_alive(Path(given["SHOP_VAR"]), role, pid)
    if role == "other":
        return True
    host, port = given["SHOP_HOST"], int(given[f"SHOP_{role.upper()}_PORT"])
    if role == "sandbox":
        return listens(host, port)
    return answers(host, port, urlsplit(given[f"SHOP_{role.upper()}_URL"]).netloc)


def _words(pid: int, file: str) -> list[str]:
    return [word for word in Path(f"/proc/{pid}/{file}").read_text(errors="replace").split("\0") if word]


if __name__ == "__main__":
    sys.exit(0 if is_well(1) else 1)
