"""Picture files for tests, made on the spot."""

import io
import struct
import zlib

from PIL import Image


def picture(width=900, height=600, kind="JPEG", mode="RGB", **options):
    """Return the bytes of a picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, (width, height), "red")
    image.paste(Image.new(mode, (width // 2, height), "blue"), (width - width // 2, 0))
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def turned_with_a_place():
    """Return a picture that lies on its side, as cameras say in EXIF, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 20.0, 0.0)})
    return picture(exif=exif)


def bomb(width=30_000, height=30_000):
    """Return a PNG of a few bytes that stands for very many pixels."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
