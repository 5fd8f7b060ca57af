"""The letters on papers: Latin, Greek, Cyrillic, Georgian, Arabic, Hebrew, Thai, Devanagari, and more if it is there.

The fonts come as Python modules and are written to a folder of this process once. For Chinese, Japanese and Korean the
system's Droid Sans Fallback (package fonts-droid-fallback) is used where it is installed.
"""

import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path

from fpdf import FPDF

FAMILY = "FiraGO"
MODULES = {"": "FiraGO_Regular", "B": "FiraGO_Bold"}
FALLBACKS = (
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
)


def add_fonts(pdf: FPDF) -> None:
    """Give a document the shop's letters."""
    for style, path in _files().items():
        pdf.add_font(FAMILY, style, path)
    others = [path for path in FALLBACKS if path.is_file()]
    for path in others:
        pdf.add_font(path.stem, "", path)
    if others:
        pdf.set_fallback_fonts([path.stem for path in others], exact_match=False)


@cache
def _files() -> dict[str, Path]:
    folder = Path(tempfile.mkdtemp(prefix="cornershop-fonts-"))
    found = {}
    for style, name in MODULES.items():
        path = folder / f"{name}.ttf"
        path.write_bytes(import_module(f"pymupdf_fonts.{name}").fontbuffer)
        found[style] = path
    return found
