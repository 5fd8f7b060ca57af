"""The file that is given: one file, or an export of ours as a folder or a zip archive, with pictures in it."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cli.errors import CliError
from domain.catalog.imports.frame import AFTER, FIRST
from domain.catalog.media import Storage
from domain.catalog.media.storage import NoSuchFile

PRODUCTS, MEDIA = "products.jsonl", "media/"
LARGEST_PICTURE = 50 * 1024 * 1024
PIECE = 1024 * 1024


@dataclass
class Files:
    """What was given: the products, what stands around them, and pictures' files by name with a way to read each."""

    name: str
    products: BinaryIO
    pictures: dict[str, Callable[[], bytes]] = field(default_factory=dict)
    frame: dict[str, BinaryIO] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a digest of the products, by which an interrupted import is found again."""
        self.products.seek(0)
        digest = hashlib.sha256()
        while piece := self.products.read(PIECE):
            digest.update(piece)
        return digest.hexdigest()

    def store_pictures(self, storage: Storage) -> None:
        """Put the pictures where the shop keeps its own, under their names: those are made of what is in them."""
        for key, read in self.pictures.items():
            data = read()
            if hashlib.sha256(data).hexdigest()[:32] == key.partition(".")[0]:
                storage.put(key, data, f"image/{key.rpartition('.')[2]}")

    def holds(self, storage: Storage, dry_run: bool) -> Callable[[str], bool]:
        """Return how to ask whether a picture's file is stored, or would be."""

        def has(key: str) -> bool:
            if dry_run and key in self.pictures:
                return True
            try:
                storage.open(key).close()
            except NoSuchFile:
                return False
            return True

        return has


@contextmanager
def opened(path: Path) -> Iterator[Files]:
    """Open what was given; raises CliError for a folder or an archive without products in it."""
    with ExitStack() as stack:
        if path.is_dir():
            products = path / PRODUCTS
            if not products.is_file():
                raise CliError(f"There is no {PRODUCTS} in {path}", "Give a file, or a folder that ./shop export wrote")
            pictures = {file.name: file.read_bytes for file in sorted((path / MEDIA).glob("*")) if file.is_file()}
            frame = {
                kind: stack.enter_context((path / f"{kind}.jsonl").open("rb"))
                for kind in (*FIRST, *AFTER)
                if (path / f"{kind}.jsonl").is_file()
            }
            yield Files(path.name, stack.enter_context(products.open("rb")), pictures, frame)
        elif zipfile.is_zipfile(path):
            archive = stack.enter_context(zipfile.ZipFile(path))
            yield _unpacked(path, archive, stack)
        else:
            yield Files(path.name, stack.enter_context(path.open("rb")))


def _unpacked(path: Path, archive: zipfile.ZipFile, stack: ExitStack) -> Files:
    if PRODUCTS not in archive.namelist():
        raise CliError(f"There is no {PRODUCTS} in {path}", "Unpack it, or save the sheet as CSV")
    names = set(archive.namelist())
    frame = {kind: _member(archive, f"{kind}.jsonl", stack) for kind in (*FIRST, *AFTER) if f"{kind}.jsonl" in names}
    pictures = {}
    for one in archive.infolist():
        if one.filename.startswith(MEDIA) and not one.is_dir() and one.file_size <= LARGEST_PICTURE:
            pictures[one.filename.removeprefix(MEDIA)] = lambda one=one: archive.read(one)
    return Files(path.name, _member(archive, PRODUCTS, stack), pictures, frame)


def _member(archive: zipfile.ZipFile, name: str, stack: ExitStack) -> BinaryIO:
    """Unpack one file, as what reads it wants to go back to its beginning."""
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    with archive.open(name) as packed:
        while piece := packed.read(PIECE):
            file.write(piece)
    return file
