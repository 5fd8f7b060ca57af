"""Pictures as pages load them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from json import loads
from typing import Any, Self

MEDIA_PATH = "/media/"
FALLBACK_WIDTH = 640
"""What a browser without srcset loads: the widest derivative up to here, in pixels."""


@dataclass(frozen=True, slots=True)
class Source:
    """One derivative of a picture."""

    format: str
    width: int
    height: int
    key: str


@dataclass(frozen=True)
class PictureView:
    """A picture with its derivatives as they are stored; what a page needs of them is worked out once, when asked."""

    alt: str
    width: int
    height: int
    derivatives: tuple[Mapping[str, Any], ...]

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> Self | None:
        """Read a picture from a JSON column; None stays None."""
        if not value:
            return None
        return cls(value["alt"], value["width"], value["height"], tuple(value["derivatives"]))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return every derivative."""
        return tuple(Source(item["format"], item["width"], item["height"], item["key"]) for item in self.derivatives)

    def srcset(self, format: str) -> str:
        """Return the srcset of one format, as in `/media/<key> 320w, /media/<key> 640w`; empty if there is none."""
        return ", ".join(
            f"{MEDIA_PATH}{item['key']} {item['width']}w" for item in self.derivatives if item["format"] == format
        )

    @cached_property
    def avif(self) -> str:
        """Return the srcset of the AVIF files."""
        return self.srcset("avif")

    @cached_property
    def webp(self) -> str:
        """Return the srcset of the WebP files."""
        return self.srcset("webp")

    @cached_property
    def fallback(self) -> str:
        """Return the address for a browser that knows no srcset: WebP if there is one, of a moderate width."""
        if not self.derivatives:
            return ""
        webp = [item for item in self.derivatives if item["format"] == "webp"] or list(self.derivatives)
        fitting = [item for item in webp if item["width"] <= FALLBACK_WIDTH] or webp[:1]
        return MEDIA_PATH + str(max(fitting, key=lambda item: int(item["width"]))["key"])


@lru_cache(maxsize=4096)
def picture_from_text(value: str | None) -> PictureView | None:
    """Read a picture from the text of a JSON column; lists have many, and the popular ones again and again."""
    return PictureView.from_json(loads(value)) if value else None
