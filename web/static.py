"""Static files from memory under an address that changes with them, and product pictures from disk."""

import gzip
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, abort, current_app, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from domain.catalog.media import LocalStorage, NoSuchFile, Storage
from domain.catalog.media.storage import FOREVER
from domain.shared.settings import ROOT, Settings

STATIC = ROOT / "static"
BRIEFLY = "public, max-age=60"
COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml")
TYPES = {".avif": "image/avif", ".webp": "image/webp", ".js": "text/javascript", ".woff2": "font/woff2",
         ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}  # fmt: skip
_IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"':]+\.css)["']\)?\s*(?:layer\(([\w.-]+)\))?\s*;""")


@dataclass(frozen=True)
class Asset:
    """A static file as it is sent."""

    content: bytes
    gzipped: bytes | None
    type: str


@dataclass(frozen=True)
class Assets:
    """All static files and one version for all of them, so that files may name each other by relative paths."""

    version: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Return the address of a file, which holds the version; KeyError for a file that does not exist."""
        if path not in self.files:
            raise KeyError(f"There is no static file {path}.")
        return f"/static/{self.version}/{path}"


def init_static(app: Flask, settings: Settings) -> None:
    """Serve the static files and the pictures, and give templates `asset()`."""
    assets = load_assets(STATIC)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.add_url_rule("/static/<version>/<path:path>", "static", _static)
    app.add_url_rule("/media/<path:key>", "media", _media)


@cache
def load_assets(root: Path) -> Assets:
    """Read every static file once; style sheets take in what they import, so that one request brings them all."""
    paths = sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    digest = blake2b(digest_size=6)
    files: dict[str, Asset] = {}
    for path in paths:
        name = path.relative_to(root).as_posix()
        content = _with_imports(path).encode() if path.suffix == ".css" else path.read_bytes()
        digest.update(name.encode() + b"\0" + content)
        kind = media_type(name)
        packed = gzip.compress(content, 9, mtime=0) if kind.startswith(COMPRESSED) and len(content) > 500 else None
        files[name] = Asset(content, packed, kind)
    return Assets(digest.hexdigest(), files)


def media_type(name: str) -> str:
    """Return the type of a file by the end of its name."""
    return TYPES.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _with_imports(path: Path) -> str:
    def bring(match: re.Match[str]) -> str:
        text = _with_imports(path.parent / match.group(1))
        return f"@layer {match.group(2)} {{\n{text}\n}}" if match.group(2) else text

    return _IMPORT.sub(bring, path.read_text(encoding="utf-8"))


def _static(version: str, path: str) -> Response:
    assets: Assets = current_app.extensions["assets"]
    asset = assets.files.get(path) or abort(404)
    packed = asset.gzipped is not None and "gzip" in request.accept_encodings
    response = Response(asset.gzipped if packed else asset.content, content_type=_with_charset(asset.type))
    # An older page may ask with an older version while a new release goes out: answer it, but let nobody keep that.
    response.headers["Cache-Control"] = FOREVER if version == assets.version else BRIEFLY
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if asset.gzipped is not None:
        response.vary.add("Accept-Encoding")
    return response


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _media(key: str) -> AnyResponse:
    """Send a picture; its name holds a hash of its content, so it may be kept for ever.

    Where pictures lie in a bucket, a CDN in front of it answers here; if the app is asked all the same, it leads there.
    """
    storage: Storage = current_app.extensions["storage"]
    try:
        if not isinstance(storage, LocalStorage):
            response = redirect(storage.url(key), 302)
            response.headers["Cache-Control"] = BRIEFLY
            return response
        path = storage.path(key)
    except NoSuchFile:
        abort(404)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype=media_type(key), conditional=True)
    response.headers["Cache-Control"] = FOREVER
    return response
