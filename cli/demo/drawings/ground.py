"""Where objects stand: a pale wall, a table top, the window's light, and the shadows."""

from cli.demo.drawings.paint import PAPER, from_lch, lch, mix, shadow_of, shift
from cli.demo.drawings.sheet import WARM_WHITE, Sheet, move, oval, path, polygon, stroke


def backdrop(sheet: Sheet, wall: str, width: int, height: int, *, horizon: float | None) -> str:
    """Paint the wall with light from the left and, if there is a horizon, the table below it."""
    # Two opaque stops on purpose: large see-through gradients are what costs time when a drawing is rasterised.
    deep = shadow_of(wall)
    lit, dim = mix(wall, WARM_WHITE, 0.36), mix(wall, deep, 0.13)
    falloff = sheet.linear((0, 0), (width, height * 0.75), [(0, lit, 1), (1, dim, 1)])
    foot = height if horizon is None else horizon
    markup = path(f"M0,0H{width}V{foot:.0f}H0Z", falloff) + _window(sheet, width, height)
    if horizon is None:
        return markup
    table = mix(shift(wall, 0.035), PAPER, 0.55)
    ends = [(0, mix(table, WARM_WHITE, 0.45), 1.0), (1, mix(table, deep, 0.13), 1.0)]
    light = sheet.linear((0, horizon), (width, height), ends)
    edge = path(f"M0,{horizon - 3:.0f}H{width}V{horizon:.0f}H0Z", deep, opacity=0.1)
    return markup + edge + path(f"M0,{horizon:.0f}H{width}V{height}H0Z", light)


def _window(sheet: Sheet, width: int, height: int) -> str:
    """Slant the light of a window over the wall, sometimes through its bars or past a branch."""
    chance = sheet.chance
    style = chance.choice(("plain", "panes", "panes", "branch"))
    left, top = width * chance.uniform(0.06, 0.2), -20.0
    slope = height * 0.2
    tall = height * 0.74
    wide = min(width * 0.5, height * 0.55)
    lift = slope / wide

    def pane(x0: float, x1: float, y: float, high: float, strength: float) -> str:
        ends = ((x0, y + (x0 - left) * lift), (x1, y + (x1 - left) * lift))
        corners = [*ends, *((x, low + high) for x, low in reversed(ends))]
        return path(polygon(corners), WARM_WHITE, opacity=strength)

    if style == "panes":
        gap, half, high = wide * 0.05, wide / 2, tall / 2
        columns = ((left, left + half), (left + half + gap, left + 2 * half + gap))
        rows = ((top, 0.34), (top + high + gap, 0.2))
        return "".join(pane(x0, x1, y, high, strength) for x0, x1 in columns for y, strength in rows)
    light = pane(left, left + wide, top, tall, 0.26)
    if style == "plain":
        return light
    twig = sprig(sheet, height * 0.5, "#6b6a58", leaves=13, flat=True)
    return light + move(twig, left + wide * 0.35, -10, turn=164)


def shadow(sheet: Sheet, reach: float, colour: str, *, depth: float | None = None, x: float = 0) -> str:
    """Draw the soft shadow an object casts to the right and the dark line where it touches the table."""
    _, chroma, hue = lch(colour)
    tone = from_lch(0.3, min(chroma, 0.02) + 0.012, hue)
    long = sheet.radial([(0, tone, 0.42), (0.45, tone, 0.24), (0.8, tone, 0.06), (1, tone, 0)])
    close = sheet.radial([(0, tone, 0.6), (0.72, tone, 0.45), (1, tone, 0)])
    deep = depth or reach * 0.24
    return oval(x + reach * 0.42, 4, reach * 1.5, deep * 1.15, long) + oval(x + 4, 3, reach * 1.06, deep * 0.72, close)


def wall_shadow(d: str, *, dx: float = 26, dy: float = 30, opacity: float = 0.1) -> str:
    """Draw the shadow of something that hangs close to a wall: three soft steps of its own outline."""
    steps = ((1.0, opacity * 0.5), (0.72, opacity * 0.6), (0.42, opacity * 0.8))
    return "".join(move(path(d, "#3a2a1c", opacity=alpha), dx * far, dy * far) for far, alpha in steps)


def sprig(sheet: Sheet, length: float, colour: str, *, leaves: int = 9, flat: bool = False, size: float = 1.0) -> str:
    """Draw a leafy twig that grows up from (0, 0); flat is its shadow."""
    chance = sheet.chance
    bend = chance.uniform(-0.22, 0.22) * length
    alpha = 0.13 if flat else 1.0
    stem = f"M0,0Q{bend:.1f},{-length * 0.5:.1f} {bend * 1.4:.1f},{-length:.1f}"
    tones = (colour, shift(colour, 0.06), shift(colour, -0.05))
    parts = [stroke(stem, shift(colour, -0.06), max(3.0, length * 0.011), opacity=alpha)]
    for i in range(leaves):
        t = 0.22 + 0.78 * i / max(leaves - 1, 1)
        x = 2 * (1 - t) * t * bend + t * t * bend * 1.4
        side = -1 if i % 2 else 1
        reach = length * 0.2 * (1.15 - 0.6 * t) * chance.uniform(0.85, 1.15) * size
        last = i == leaves - 1
        turn = 0.0 if last else side * chance.uniform(38, 58)
        leaf = (
            f"M0,0C{reach * 0.36:.1f},{-reach * 0.28:.1f} {reach * 0.3:.1f},{-reach * 0.8:.1f} 0,{-reach:.1f}"
            f"C{-reach * 0.3:.1f},{-reach * 0.8:.1f} {-reach * 0.36:.1f},{-reach * 0.28:.1f} 0,0Z"
        )
        half = f"M0,0C{reach * 0.36:.1f},{-reach * 0.28:.1f} {reach * 0.3:.1f},{-reach * 0.8:.1f} 0,{-reach:.1f}Z"
        tone = tones[i % 3]
        shape = path(leaf, tone, opacity=alpha)
        if not flat:
            shape += path(half, shadow_of(tone), opacity=0.22)
        parts.append(move(shape, x, -length * t, turn=turn))
    return "".join(parts)
