"""From bytes to text: which letters a file is written in is found by looking at all of it, in pieces."""

import codecs
import io
from typing import BinaryIO

PIECE = 64 * 1024
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(file: BinaryIO) -> str:
    """Name the encoding of a file: what its mark says, UTF-16 or UTF-8 if it can be one, else Windows-1252."""
    file.seek(0)
    start = file.read(4096)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    zeros = start.count(0)
    if zeros > len(start) / 4:
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def as_text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """Open a file for reading text from its beginning; what stands for no letter becomes a replacement mark."""
    file.seek(0)
    # Python's Windows-1252 knows no letter for five bytes, and a file may break off within a letter.
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
