"""Reading the cells of one row with a remark on each that cannot be used; shared by the formats."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.catalog.imports import values
from domain.catalog.imports.measures import Measure, measure
from domain.catalog.imports.notes import BadValue, Notes
from domain.catalog.imports.table import Row

T = TypeVar("T")
Edge = tuple[str, datetime | None]
Offer = tuple[tuple[int, datetime | None, datetime | None] | None, frozenset[str]]


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

    def offer(self, *, sale: int | None, price: int | None, window: tuple[Edge, Edge], told: bool) -> Offer:
        """Return an offer within its dates, each with its cell, and whether the file says that there is none.

        `told` says whether the file has a column for it. What cannot be read leaves the sale that there is.
        """
        if any(text.strip() and moment is None for text, moment in window) or (sale is not None and price is None):
            return None, frozenset()
        if sale is not None and price is not None and sale < price:
            return (sale, window[0][1], window[1][1]), frozenset()
        return None, frozenset({"sale"} if told else ())

    def measure(self, content: str, base: str, *, column: str) -> Measure | None:
        """Read how much is in it and for how much of that the price is told; one that is unclear is left out."""
        try:
            return measure(content, base)
        except BadValue as wrong:
            self.notes.leave_out(self.row.line, wrong.message, wrong.advice, column=column, sku=self.sku)
            return None

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
