"""The port to where pictures are stored, and the one adapter for this machine's own disk.

A key is made of the content, so what lies under a key never changes and may be cached for ever.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol

from domain.shared.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
"""How long a file may be kept: what lies under a key never changes."""

_KEY = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{2,5}")


class NoSuchFile(NotFound):
    """Nothing is stored under this key."""

    def __init__(self) -> None:
        super().__init__("We cannot find this picture.")


class Storage(Protocol):
    """Somewhere to keep files that never change."""

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store a file; storing it again changes nothing."""
        ...

    def url(self, key: str) -> str:
        """Return where a browser gets the file."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a stored file; raises NoSuchFile, whatever the key looks like."""
        ...

    @property
    def origin(self) -> str | None:
        """The origin of its addresses, if that is not the shop's own."""
        ...


def key_for(data: bytes, extension: str) -> str:
    """Name a file by its content."""
    return f"{hashlib.sha256(data).hexdigest()[:32]}.{extension}"


def check_key(key: str) -> str:
    """Return a key that `key_for` could have made; raises NoSuchFile for any other, so none leads anywhere else."""
    if not _KEY.fullmatch(key):
        raise NoSuchFile
    return key


class LocalStorage:
    """Files under one directory, spread over 256 directories by the first letters of their keys."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store a file; a crash on the way leaves no half a file under the key."""
        path = self.path(key)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    def url(self, key: str) -> str:
        """Return the address under the storefront."""
        return f"/media/{key}"

    def open(self, key: str) -> BinaryIO:
        """Open a stored file; raises NoSuchFile."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise NoSuchFile from None

    def path(self, key: str) -> Path:
        """Return where a key's file lies, whether it is there or not; raises NoSuchFile for what is no key."""
        return self.root / check_key(key)[:2] / key

    @property
    def origin(self) -> None:
        """Its addresses are the shop's own."""
        return None
