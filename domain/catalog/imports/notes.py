"""What an import has to say of a row: where, what, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

REFUSED, LEFT_OUT, SAID = "refused", "left_out", "said"
"""A row that was not taken, a value that was left out of a row that was, and something worth knowing."""


class BadValue(ValueError):
    """A cell holds what cannot be used; the words say what is wrong and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message, self.advice = message, advice


@dataclass(frozen=True, slots=True)
class Note:
    """One remark; `line` is where its row begins in the file, counted from 1."""

    line: int
    level: str
    message: str
    advice: str
    column: str = ""
    sku: str = ""


@dataclass
class Notes:
    """The remarks on a batch."""

    found: list[Note] = field(default_factory=list)
    _refused: set[int] = field(default_factory=set)
    _said: set[Note] = field(default_factory=set)

    def refuse(self, line: int, message: str, advice: str, *, column: str = "", sku: str = "") -> None:
        """Say that a row is not taken."""
        self._add(Note(line, REFUSED, message, advice, column, sku))

    def leave_out(self, line: int, message: str, advice: str, *, column: str = "", sku: str = "") -> None:
        """Say that the row is taken without this value."""
        self._add(Note(line, LEFT_OUT, message, advice, column, sku))

    def say(self, line: int, message: str, advice: str, *, column: str = "", sku: str = "") -> None:
        """Say something worth knowing of a row that is taken."""
        self._add(Note(line, SAID, message, advice, column, sku))

    def is_refused(self, line: int) -> bool:
        """Say whether the row of this line is not taken."""
        return line in self._refused

    def take(self) -> list[Note]:
        """Return the remarks so far, and begin anew."""
        found, self.found, self._refused, self._said = self.found, [], set(), set()
        return found

    def __iter__(self) -> Iterator[Note]:
        return iter(self.found)

    def _add(self, note: Note) -> None:
        if note not in self._said:
            self._said.add(note)
            self.found.append(note)
            if note.level == REFUSED:
                self._refused.add(note.line)
