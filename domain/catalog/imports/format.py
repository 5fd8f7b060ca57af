"""What a format of product files is to the import."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.catalog.imports.draft import DraftProduct
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.table import Row


@dataclass(frozen=True, slots=True)
class Shop:
    """What reading needs to know of this shop."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Names:
    """How a row says which product it belongs to.

    Rows with one `key` are one product. A row with a `parent` belongs to the row that has it among its `names`,
    wherever in the file that stands. `sku` is the variant it tells of.
    """

    key: str
    sku: str = ""
    names: tuple[str, ...] = ()
    parent: str = ""


class Format(ABC):
    """A format of tables."""

    name = ""

    @abstractmethod
    def recognises(self, columns: frozenset[str]) -> bool:
        """Say whether these are the columns of such a file."""

    @abstractmethod
    def reads(self, column: str) -> bool:
        """Say whether a column is read."""

    def keeps_empty(self, column: str) -> bool:
        """Say whether an empty cell of a column says something: that there is none."""
        return False

    @abstractmethod
    def names(self, row: Row, before: Names | None) -> Names:
        """Say which product a row belongs to, given what the row before said."""

    @abstractmethod
    def draft(self, rows: Sequence[Row], notes: Notes, shop: Shop) -> DraftProduct | None:
        """Make a product of its rows, in the order of the file; None if it is refused as a whole."""
