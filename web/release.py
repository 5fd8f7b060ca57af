"""A name for what the pages are made by: it changes with every release that could change a page."""

from functools import cache
from hashlib import blake2b

from domain.shared.settings import ROOT

SOURCES = ("domain", "storefront", "templates", "web", "static")


@cache
def release() -> str:
    """Return a hash of the code, the templates and the static files of this process."""
    digest = blake2b(digest_size=8)
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
