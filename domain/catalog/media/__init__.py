"""Where the bytes of pictures lie."""

from domain.catalog.media.storage import LocalStorage, Storage, key_for

__all__ = ["LocalStorage", "Storage", "key_for"]
