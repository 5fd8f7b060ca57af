"""Log files that do not grow without end, and the few of their lines that an operator sees."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

_LARGEST = 10 * 1024 * 1024
_KEPT = 3
_MATTERS = re.compile(r"\b(warning|warn|error|critical|fatal|panic|traceback)\b", re.IGNORECASE)


class LogFile:
    """A log file of bounded size: a full one is set aside as .1, .2, .3, and the oldest is dropped."""

    def __init__(self, path: Path, *, largest: int = _LARGEST) -> None:
        self.path, self._largest = path, largest
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open()

    def write(self, line: str) -> None:
        """Add a line."""
        data = (line + "\n").encode()
        if self._size + len(data) > self._largest and self._size:
            self._set_aside()
        self._file.write(data)
        self._size += len(data)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _open(self) -> None:
        self._file = self.path.open("ab", buffering=0)
        self._size = self._file.tell()

    def _set_aside(self) -> None:
        self._file.close()
        for number in range(_KEPT - 1, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            if older.exists():
                older.replace(self.path.with_name(f"{self.path.name}.{number + 1}"))
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        self._open()


class Screen:
    """The terminal: says what the operator should know and passes over the rest, which the log files keep."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        self._write = write or _print
        self._shown: set[str] = set()
        self._in_traceback: set[str] = set()

    def say(self, text: str) -> None:
        """Show a line of the supervisor's own."""
        self._write(text)

    def show_all(self, name: str) -> None:
        """Show every line of this process from now on."""
        self._shown.add(name)

    def line(self, name: str, text: str) -> None:
        """Show a line of a process if it matters; of a traceback, only the line that says what went wrong."""
        if name in self._shown:
            self._write(text)
            return
        if text.startswith("Traceback "):
            self._in_traceback.add(name)
        elif name in self._in_traceback:
            if text and not text[0].isspace():
                self._in_traceback.discard(name)
                self._write(f"{name:<11} {text}")
        elif _MATTERS.search(text):
            self._write(f"{name:<11} {_readable(text)}")


def _readable(text: str) -> str:
    """Turn a structured log line into a sentence."""
    try:
        entry = json.loads(text)
        return f"{entry['level']}: {entry['event']}" + (f" ({entry['path']})" if "path" in entry else "")
    except (ValueError, KeyError, TypeError):
        return text


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
