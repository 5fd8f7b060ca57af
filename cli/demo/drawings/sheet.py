"""The sheet a drawing is made on: its gradients and clips, and the few ways we give a flat shape depth."""

import random
from collections.abc import Sequence

from cli.demo.drawings.paint import mix, shadow_of, shift

Point = tuple[float, float]
Stop = tuple[float, str, float]
WARM_WHITE = "#fffaf0"


class Sheet:
    """Colours, chance and definitions of one drawing; (0, 0) is where an object stands, y grows downwards."""

    def __init__(self, colours: Sequence[str], *, seed: str, prefix: str = "d") -> None:
        self.colours = tuple(colours)
        self.chance = random.Random(seed)  # noqa: S311 - it varies pictures, it keeps no secret
        self.defs: list[str] = []
        self._prefix = prefix

    def colour(self, index: int, default: str) -> str:
        """Give the object's colour at an index, or the drawing's own."""
        return self.colours[index] if index < len(self.colours) else default

    def define(self, markup: str) -> str:
        """Keep a definition, written with {id}, and give its id."""
        name = f"{self._prefix}{len(self.defs)}"
        self.defs.append(markup.replace("{id}", name))
        return name

    def linear(self, start: Point, end: Point, stops: Sequence[Stop]) -> str:
        """Define a straight gradient and give its paint."""
        (x1, y1), (x2, y2) = start, end
        name = self.define(
            f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}"'
            f' y2="{y2:.1f}">{_stops(stops)}</linearGradient>'
        )
        return f"url(#{name})"

    def radial(self, stops: Sequence[Stop]) -> str:
        """Define a gradient round the middle of whatever it fills and give its paint."""
        name = self.define(f'<radialGradient id="{{id}}">{_stops(stops)}</radialGradient>')
        return f"url(#{name})"

    def clipped(self, d: str, markup: str) -> str:
        """Show markup only inside a path."""
        name = self.define(f'<clipPath id="{{id}}"><path d="{d}"/></clipPath>')
        return f'<g clip-path="url(#{name})">{markup}</g>'


def _stops(stops: Sequence[Stop]) -> str:
    """Write stops; a clear one takes both neighbours' colours, or the fade between them would turn grey."""
    written: list[Stop] = []
    for i, (at, colour, opacity) in enumerate(stops):
        if opacity == 0:
            around = [stops[j][1] for j in (i - 1, i + 1) if 0 <= j < len(stops)]
            written += [(at, near, 0.0) for near in around]
        else:
            written.append((at, colour, opacity))
    return "".join(
        f'<stop offset="{at:.3f}" stop-color="{colour}" stop-opacity="{opacity:.3f}"/>'
        for at, colour, opacity in written
    )


def path(d: str, fill: str, *, opacity: float = 1.0) -> str:
    """Fill a path."""
    return f'<path d="{d}" fill="{fill}"{_opacity(opacity)}/>'


def stroke(d: str, colour: str, width: float, *, opacity: float = 1.0, dash: str = "", cap: str = "round") -> str:
    """Draw a line along a path."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="{cap}"'
        f' stroke-linejoin="round"{dashes}{_opacity(opacity)}/>'
    )


def oval(x: float, y: float, rx: float, ry: float, fill: str, *, opacity: float = 1.0) -> str:
    """Fill an ellipse."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{_opacity(opacity)}/>'


def _opacity(opacity: float) -> str:
    return "" if opacity >= 1 else f' opacity="{opacity:.3f}"'


def move(markup: str, x: float = 0, y: float = 0, *, turn: float = 0, scale: float = 1, mirror: bool = False) -> str:
    """Place markup: scaled, turned (degrees, clockwise), then moved."""
    flip = f"{-scale:.3f},{scale:.3f}" if mirror else f"{scale:.3f}"
    return f'<g transform="translate({x:.1f},{y:.1f}) rotate({turn:.1f}) scale({flip})">{markup}</g>'


def line(points: Sequence[Point]) -> str:
    """Write a straight-sided open path."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def polygon(points: Sequence[Point]) -> str:
    """Write a straight-sided closed path."""
    return line(points) + "Z"


def curve(points: Sequence[Point], *, join: bool = False) -> str:
    """Write a smooth path through points (Catmull-Rom); a point given twice is a corner; join leaves out the first move."""
    parts = [] if join else [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    last = len(points) - 1
    for i in range(last):
        (x0, y0), (x1, y1) = points[max(i - 1, 0)], points[i]
        (x2, y2), (x3, y3) = points[i + 1], points[min(i + 2, last)]
        if (x1, y1) == (x2, y2):
            continue
        parts.append(
            f"C{x1 + (x2 - x0) / 6:.1f},{y1 + (y2 - y0) / 6:.1f} {x2 - (x3 - x1) / 6:.1f},{y2 - (y3 - y1) / 6:.1f}"
            f" {x2:.1f},{y2:.1f}"
        )
    return "".join(parts)


def blob(points: Sequence[Point]) -> str:
    """Write a smooth closed path through points."""
    ring = [points[-1], *points, points[0], points[1]]
    inner = curve(ring).split("C")
    return f"M{points[0][0]:.1f},{points[0][1]:.1f}C" + "C".join(inner[2:-1]) + "Z"


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """Write a rectangle, with round corners if asked, as a path."""
    r = min(radius, width / 2, height / 2)
    arc = f"a{r:.1f},{r:.1f} 0 0 1 "
    return (
        f"M{x + r:.1f},{y:.1f}h{width - 2 * r:.1f}{arc}{r:.1f},{r:.1f}v{height - 2 * r:.1f}{arc}{-r:.1f},{r:.1f}"
        f"h{2 * r - width:.1f}{arc}{-r:.1f},{-r:.1f}v{2 * r - height:.1f}{arc}{r:.1f},{-r:.1f}Z"
    )


def round_shade(sheet: Sheet, radius: float, colour: str, *, strength: float = 1.0, gloss: float = 1.0) -> str:
    """Give the light that falls from the left across something round, centred on x = 0."""
    deep, edge = shadow_of(colour), min(0.5 * strength, 0.8)
    stops = [
        (0.0, deep, 0.16 * strength),
        (0.13, deep, 0.0),
        (0.24, WARM_WHITE, 0.3 * gloss),
        (0.36, WARM_WHITE, 0.16 * gloss),
        (0.52, deep, 0.0),
        (0.72, deep, 0.2 * strength),
        (0.93, deep, edge),
        (1.0, deep, edge * 0.8),
    ]
    return sheet.linear((-radius, 0), (radius, 0), stops)


def slant_shade(sheet: Sheet, start: Point, end: Point, colour: str, *, strength: float = 1.0) -> str:
    """Give the light across something flat, from its lit corner to its far one."""
    deep = shadow_of(colour)
    return sheet.linear(start, end, [(0, WARM_WHITE, 0.26 * strength), (0.45, deep, 0.0), (1, deep, 0.3 * strength)])


def form(sheet: Sheet, d: str, colour: str, shade: str, *, details: str = "") -> str:
    """Fill a shape with its colour, put details on it, and let the light fall over both."""
    inner = sheet.clipped(d, details) if details else ""
    return path(d, colour) + inner + path(d, shade)


def tube(d: str, width: float, colour: str) -> str:
    """Draw a round rod along a path: a handle, a cord, a stem."""
    light = move(stroke(d, shift(colour, 0.03), width * 0.62), -width * 0.12, -width * 0.08)
    gleam = move(stroke(d, mix(colour, WARM_WHITE, 0.5), width * 0.16, opacity=0.55), -width * 0.24, -width * 0.14)
    return stroke(d, mix(colour, shadow_of(colour), 0.32), width) + light + gleam
