"""Things that are round about an upright axis: thrown, turned, spun, blown."""

from collections.abc import Sequence

from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import WARM_WHITE, Point, Sheet, curve, form, oval, path, round_shade

TILT = 0.17


def outline(profile: Sequence[Point], *, tilt: float = TILT) -> str:
    """Write the outline of a turned thing from its profile: (radius, y) from the top down."""
    (near, above), (end, floor) = profile[-2:]
    if near - end < 14 and floor - above < 14:  # a foot this small is an edge: the side runs straight down to it
        profile = [*profile[:-2], (near, floor)]
    top, low = profile[0], profile[-1]
    left = [(-r, y) for r, y in reversed(profile)]
    foot = f"A{low[0]:.1f},{low[0] * tilt:.1f} 0 0 1 {-low[0]:.1f},{low[1]:.1f}"
    lip = f"A{max(top[0], 0.1):.1f},{max(top[0] * tilt, 0.1):.1f} 0 0 1 {top[0]:.1f},{top[1]:.1f}Z"
    return curve(list(profile)) + foot + curve(left, join=True) + lip


def turned(
    sheet: Sheet,
    profile: Sequence[Point],
    colour: str,
    *,
    details: str = "",
    gloss: float = 1.0,
    strength: float = 1.0,
    tilt: float = TILT,
) -> str:
    """Draw the body of a turned thing, with details (bands, speckles) that lie on it in the same light."""
    shade = round_shade(sheet, max(r for r, _ in profile), colour, strength=strength, gloss=gloss)
    return form(sheet, outline(profile, tilt=tilt), colour, shade, details=details)


def mouth(
    sheet: Sheet,
    radius: float,
    y: float,
    colour: str,
    *,
    inside: str | None = None,
    wall: float = 9,
    tilt: float = TILT,
) -> str:
    """Draw the open top of a vessel: a lit lip and the dark within, lit on its far right."""
    hollow = inside or colour
    deep = shadow_of(hollow)
    stops = [
        (0.0, mix(hollow, deep, 0.62), 1.0),
        (0.6, mix(hollow, deep, 0.34), 1.0),
        (1.0, mix(hollow, deep, 0.12), 1.0),
    ]
    fill = sheet.linear((-radius, y), (radius, y), stops)
    lip = oval(0, y, radius, radius * tilt, mix(shift(colour, 0.06), WARM_WHITE, 0.25))
    return lip + oval(0, y + 1.5, radius - wall, (radius - wall) * tilt - 1, fill)


def contents(radius: float, y: float, mouth_radius: float, mouth_y: float, colour: str, sheet: Sheet) -> str:
    """Draw what a vessel is filled with, seen through its mouth."""
    shape = ellipse(0, mouth_y, mouth_radius, mouth_radius * TILT)
    deep = shadow_of(colour)
    fill = sheet.linear((-radius, 0), (radius, 0), [(0, mix(colour, deep, 0.35), 1), (1, shift(colour, 0.03), 1)])
    return sheet.clipped(shape, oval(0, y, radius, radius * TILT, fill))


def band(top: float, bottom: float, reach: float, colour: str, *, tilt: float = TILT, opacity: float = 1.0) -> str:
    """Draw a band round a turned thing between two heights; reach is the radius there."""
    drop = reach * tilt
    d = (
        f"M{-reach:.1f},{top:.1f}A{reach:.1f},{drop:.1f} 0 0 0 {reach:.1f},{top:.1f}L{reach:.1f},{bottom:.1f}"
        f"A{reach:.1f},{drop:.1f} 0 0 1 {-reach:.1f},{bottom:.1f}Z"
    )
    return path(d, colour, opacity=opacity)


def below(top: float, reach: float, colour: str, *, tilt: float = TILT) -> str:
    """Cover everything under a level on a turned thing: bare clay, a dipped glaze."""
    return band(top, 400, reach, colour, tilt=tilt)


def speckles(sheet: Sheet, reach: float, top: float, bottom: float, colour: str, count: int = 70) -> str:
    """Scatter the iron specks of stoneware."""
    chance = sheet.chance
    return "".join(
        oval(chance.uniform(-reach, reach), chance.uniform(top, bottom), size, size * 0.8, colour, opacity=0.5)
        for size in (chance.choice((1.3, 1.7, 2.2, 3.0)) for _ in range(count))
    )


def ellipse(x: float, y: float, rx: float, ry: float) -> str:
    """Write an ellipse as a path, to clip with."""
    return f"M{x - rx:.1f},{y:.1f}A{rx:.1f},{ry:.1f} 0 1 1 {x + rx:.1f},{y:.1f}A{rx:.1f},{ry:.1f} 0 1 1 {x - rx:.1f},{y:.1f}Z"


def dish(sheet: Sheet, radius: float, y: float, colour: str, *, tilt: float = TILT, thick: float = 13) -> str:
    """Draw a shallow plate or saucer seen from a little above: its edge, its face and the well in it."""
    deep = shadow_of(colour)
    under = sheet.linear((-radius, 0), (radius, 0), [(0, mix(colour, deep, 0.2), 1), (1, mix(colour, deep, 0.65), 1)])
    face = sheet.linear(
        (-radius, 0), (radius, 0), [(0, mix(colour, WARM_WHITE, 0.4), 1), (1, mix(colour, deep, 0.12), 1)]
    )
    well = sheet.linear((-radius, 0), (radius, 0), [(0, deep, 0.26), (0.6, deep, 0.05), (1, WARM_WHITE, 0.35)])
    markup = oval(0, y + thick * 1.5, radius * 0.72, radius * tilt * 0.8, mix(colour, deep, 0.6))
    markup += oval(0, y + thick, radius * 0.985, radius * tilt, under) + oval(0, y, radius, radius * tilt, face)
    markup += oval(0, y + 1, radius * 0.96, radius * tilt * 0.93, colour)
    return markup + oval(0, y + 3, radius * 0.66, radius * tilt * 0.62, well)
