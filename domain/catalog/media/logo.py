"""The files that are made of an uploaded logo: small, sharp on any screen, and see-through where the upload is."""

import io
from dataclasses import dataclass

from PIL import Image

from domain.catalog.media.upload import FORMATS, Upload, read_upload
from domain.shared.logo import Drawn

BOX = (220, 44)
"""The room that a logo has over the door, in pixels of a page."""
DENSITIES = (1, 2, 3)


@dataclass(frozen=True)
class DrawnLogo:
    """A logo and the files to be stored for it."""

    drawn: Drawn
    files: tuple[Upload, ...]


def draw_logo(data: bytes) -> DrawnLogo:
    """Check an upload as every picture is checked, and make what is shown of it; raises WrongPicture."""
    kept = read_upload(data)
    with Image.open(io.BytesIO(kept.data), formats=FORMATS) as image:
        image.load()
        trimmed = _trimmed(image)
    scale = min(BOX[0] / trimmed.width, BOX[1] / trimmed.height)
    width, height = (max(1, round(edge * scale)) for edge in trimmed.size)
    webp = tuple(_file(_sized(trimmed, width * density, height * density), "webp") for density in DENSITIES)
    png = _file(_sized(trimmed, width * DENSITIES[-1], height * DENSITIES[-1]), "png")
    drawn = Drawn(width=width, height=height, webp=tuple(one.key for one in webp), png=png.key)
    return DrawnLogo(drawn, (*webp, png))


def _trimmed(image: Image.Image) -> Image.Image:
    """Cut off what is see-through all around."""
    box = image.getchannel("A").getbbox() if image.mode == "RGBA" else None
    return image.crop(box) if box else image


def _sized(image: Image.Image, width: int, height: int) -> Image.Image:
    """Scale a picture down, and never up: browsers do that as well."""
    if width >= image.width:
        return image
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _file(image: Image.Image, format: str) -> Upload:
    target = io.BytesIO()
    options = {"lossless": True, "method": 4} if format == "webp" else {"optimize": True}
    image.save(target, format.upper(), **options)
    return Upload(image.width, image.height, format, target.getvalue())
