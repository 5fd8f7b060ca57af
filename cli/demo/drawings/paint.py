"""Colour sums for the drawings: every shade is derived from an object's own colour, in OKLab so that it stays clean."""

import math
import re

PAPER = "#f8f1e6"
INK = "#1f3a2e"
TERRACOTTA = "#c4643f"
_HEX = re.compile(r"#[0-9a-f]{6}")


def is_hex(colour: str) -> bool:
    """Say whether a colour is written as #rrggbb in lower case."""
    return _HEX.fullmatch(colour) is not None


def _oklab(colour: str) -> tuple[float, float, float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _hex(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    channels = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (max(c, 0.0) for c in linear))
    return "#" + "".join(f"{round(255 * min(c, 1.0)):02x}" for c in channels)


def lch(colour: str) -> tuple[float, float, float]:
    """Give a colour's lightness (0-1), chroma (0 to about 0.3) and hue (degrees)."""
    lightness, a, b = _oklab(colour)
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_lch(lightness: float, chroma: float, hue: float) -> str:
    """Write lightness, chroma and hue as #rrggbb, clipped to what a screen shows."""
    angle = math.radians(hue)
    return _hex(min(max(lightness, 0.0), 1.0), chroma * math.cos(angle), chroma * math.sin(angle))


def shift(colour: str, light: float = 0.0, *, chroma: float = 1.0) -> str:
    """Make a colour lighter (positive) or darker (negative), with more or less chroma."""
    lightness, own, hue = lch(colour)
    return from_lch(lightness + light, own * chroma, hue)


def mix(one: str, other: str, share: float) -> str:
    """Mix two colours; share is how much of the second goes in."""
    first, second = _oklab(one), _oklab(other)
    return _hex(*(a + (b - a) * share for a, b in zip(first, second, strict=True)))


def shadow_of(colour: str) -> str:
    """Give the deep tone that an object's shaded side leans to."""
    lightness, chroma, hue = lch(colour)
    return from_lch(lightness * 0.38, min(chroma * 0.9 + 0.02, 0.1), hue)


def wall_for(colour: str, *, turn: float) -> str:
    """Give the pale wall tint that lets an object stand out; turn (0-1) varies the tint behind colourless objects."""
    lightness, chroma, hue = lch(colour)
    if chroma < 0.035:
        hue = (70.0, 145.0, 215.0, 48.0)[int(turn * 4) % 4]
    depth = 0.845 if lightness > 0.8 else 0.9
    tint = from_lch(depth, 0.03 if lightness > 0.8 else 0.026 + min(chroma, 0.16) * 0.08, hue)
    return mix(tint, "#eadbc4", 0.34)
