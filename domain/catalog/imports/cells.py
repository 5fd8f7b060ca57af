"""Reading the cells of one row with a remark on each that cannot be used; shared by the formats."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.catalog.imports import values
from domain.catalog.imports.notes import BadValue, Notes
from domain.catalog.imports.table import Row

T = TypeVar("T")
LONGEST_SKU, LONGEST_OPTION, LONGEST_TITLE = 64, 120, 255


class Cells:
    """One row and where remarks on it go; every reader takes the names of the column, present and old."""

    def __init__(self, row: Row, notes: Notes, *, currency: str, zone: ZoneInfo, sku: str = "") -> None:
        self.row, self.notes, self.currency, self.zone, self.sku = row, notes, currency, zone, sku

    def text(self, *names: str) -> str:
        """Return what stands there."""
        return self.row.get(*names)

    def amount(self, *names: str) -> int | None:
        """Read an amount; one that cannot be read refuses the row, for a wrong price costs money."""
        return self._read(names, lambda text: values.amount(text, self.currency), refuse=True)

    def number(self, *names: str) -> int | None:
        """Read a whole number."""
        return self._read(names, values.number)

    def grams(self, *names: str, unit: str = "g") -> int | None:
        """Read a weight."""
        return self._read(names, lambda text: values.grams(text, unit))

    def yes(self, *names: str) -> bool | None:
        """Read yes or no."""
        return self._read(names, values.yes)

    def moment(self, *names: str, ends: bool = False) -> datetime | None:
        """Read a day or a moment."""
        return self._read(names, lambda text: values.moment(text, self.zone, ends=ends))

    def refused(self) -> bool:
        """Say whether the row was refused."""
        return self.notes.is_refused(self.row.line)

    def _read(self, names: tuple[str, ...], read: Callable[[str], T], *, refuse: bool = False) -> T | None:
        name = next((one for one in names if self.row.get(one)), "")
        if not name:
            return None
        try:
            return read(self.row.get(name))
        except BadValue as wrong:
            tell = self.notes.refuse if refuse else self.notes.leave_out
            tell(self.row.line, wrong.message, wrong.advice, column=name, sku=self.sku)
            return None
