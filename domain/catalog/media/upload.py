"""What an upload must be to become a picture of the shop, and the files that are made of it.

Nothing of the file as it came is kept: it is decoded and written anew, upright, without its metadata and in sRGB, so
that neither a place where somebody lives nor a script hidden in it goes out again.
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from domain.catalog.errors import WrongPicture
from domain.catalog.media.storage import key_for

MOST_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
SMALLEST, LONGEST_EDGE, KEPT_EDGE = 40, 16_000, 3_200
"""Edges in pixels: of the smallest and the largest upload, and of what is kept of a large one."""
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
WIDTHS = (240, 480, 800, 1200, 1600)
WIDEST_FALLBACK = 800

_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_NO_PICTURE = "This file is no picture that the shop can take. Choose a JPEG, PNG, WebP or AVIF."


@dataclass(frozen=True)
class Upload:
    """A file to be stored, written by the shop itself; `format` is also the end of its key."""

    width: int
    height: int
    format: str
    data: bytes

    @property
    def key(self) -> str:
        """Return the name it is stored under."""
        return key_for(self.data, self.format)

    @property
    def content_type(self) -> str:
        """Return its type as browsers name it."""
        return f"image/{self.format}"


def read_upload(data: bytes) -> Upload:
    """Check an upload by what is in it and write it anew; raises WrongPicture, which says what to do."""
    if len(data) > MOST_BYTES:
        raise WrongPicture(f"This file is too large. Choose one of at most {MOST_BYTES // 1_000_000} MB.")
    if not _looks_like_a_picture(data):
        raise WrongPicture(_NO_PICTURE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # The header alone is read first: a small file can stand for a picture that fills the memory.
            with Image.open(io.BytesIO(data), formats=FORMATS) as header:
                _check_size(header.width, header.height)
                header.verify()
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _kept(_plain(image))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise WrongPicture(f"{_NO_PICTURE} This one may be damaged.") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise WrongPicture(_too_many_pixels()) from error


def derive(data: bytes) -> Iterator[Upload]:
    """Make what browsers load of a kept upload: AVIF and WebP in each width, and one JPEG for those with neither."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        image.load()
        widths = [width for width in WIDTHS if width < image.width] or [image.width]
        if image.width <= WIDTHS[-1] and image.width not in widths:
            widths.append(image.width)
        for width in widths:
            sized = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
            yield _written(sized, "avif", quality=58, speed=8, max_threads=1)
            yield _written(sized, "webp", quality=78, method=3)
        width = max((width for width in widths if width <= WIDEST_FALLBACK), default=widths[0])
        sized = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
        yield _written(_on_white(sized), "jpeg", quality=80, progressive=True)


def _looks_like_a_picture(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    avif = data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis", b"mif1", b"msf1")
    return data.startswith(_BEGINNINGS) or webp or avif


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_EDGE:
        raise WrongPicture(_too_many_pixels())
    if min(width, height) < SMALLEST:
        raise WrongPicture(f"This picture is too small. Choose one of at least {SMALLEST} by {SMALLEST} pixels.")


def _too_many_pixels() -> str:
    return f"This picture has too many pixels. Choose one of at most {MOST_PIXELS // 1_000_000} million."


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture upright, in sRGB, at most as large as is kept, as nothing but its pixels."""
    profile = image.info.get("icc_profile")
    image.load()
    upright = ImageOps.exif_transpose(image)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    if profile and upright.mode in ("RGB", "RGBA", "CMYK"):
        upright = _in_srgb(upright, profile)
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((KEPT_EDGE, KEPT_EDGE), Image.Resampling.LANCZOS)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        own = ImageCms.getOpenProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        found = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except ImageCms.PyCMSError as error:
        raise WrongPicture(f"{_NO_PICTURE} The colours of this one cannot be read.") from error
    return found or image


def _kept(image: Image.Image) -> Upload:
    if image.mode == "RGBA":
        return _written(image, "webp", lossless=True, quality=60, method=1)
    return _written(image, "jpeg", quality=92, subsampling=0)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _written(image: Image.Image, format: str, **options: object) -> Upload:
    target = io.BytesIO()
    image.save(target, format.upper(), **options)
    return Upload(image.width, image.height, format, target.getvalue())
