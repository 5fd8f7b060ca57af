"""The shop's logo: which files it is drawn from, and how they are written down among the owner's decisions."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

BASE = "/media/"
LOGO, LOGO_DARK, LOGO_ALT = "logo", "logo_dark", "logo_alt"
"""The decisions that make it: a picture for light grounds, one for dark grounds, and what it is described as."""


@dataclass(frozen=True)
class Drawn:
    """A logo as it is shown: its size in pixels of a page, a WebP for each density, and a PNG for mail and papers."""

    width: int
    height: int
    webp: tuple[str, ...]
    png: str

    @property
    def srcset(self) -> str:
        """Return what a browser chooses from."""
        return ", ".join(f"{BASE}{key} {density}x" for density, key in enumerate(self.webp, start=1))

    @property
    def fallback(self) -> str:
        """Return the file that everything can show."""
        return BASE + self.png

    def written(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `written` wrote."""
        found = json.loads(text)
        return cls(**found | {"webp": tuple(found["webp"])})


@dataclass(frozen=True)
class Logo:
    """The logo for light grounds, and one for dark grounds; without that it stands on a light plate there."""

    alt: str
    light: Drawn
    dark: Drawn | None

    @classmethod
    def of(cls, values: Mapping[str, str], *, name: str) -> Self | None:
        """Read it from the owner's decisions; a shop without one is known by its name, which also describes it."""
        if not values.get(LOGO):
            return None
        dark = values.get(LOGO_DARK)
        return cls(values.get(LOGO_ALT) or name, Drawn.read(values[LOGO]), Drawn.read(dark) if dark else None)
