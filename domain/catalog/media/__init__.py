"""Where the bytes of pictures lie, and what becomes of an upload."""

from domain.catalog.media.choose import make_storage
from domain.catalog.media.storage import LocalStorage, NoSuchFile, Storage, key_for

__all__ = ["LocalStorage", "NoSuchFile", "Storage", "key_for", "make_storage"]
