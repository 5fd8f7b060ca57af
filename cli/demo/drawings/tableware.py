"""Mugs, bowls, plates, jugs and teapots."""

from typing import Literal

from cli.demo.drawings.ground import shadow
from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import WARM_WHITE, Sheet, form, line, move, oval, path, round_shade, stroke, tube
from cli.demo.drawings.turned import (
    TILT,
    band,
    below,
    contents,
    dish,
    ellipse,
    mouth,
    outline,
    speckles,
    turned,
)

CLAY = "#b98a66"
Finish = Literal["plain", "dipped", "banded", "speckled", "enamel"]


def _finish(sheet: Sheet, finish: Finish, reach: float, height: float) -> str:
    main, second = sheet.colour(0, "#e4d8c4"), sheet.colour(1, CLAY)
    tone = mix(main, shadow_of(main), 0.7)
    if finish == "dipped":
        line_at = -height * sheet.chance.uniform(0.36, 0.44)
        lip = band(line_at - 9, line_at, reach, mix(main, second, 0.5), opacity=0.7)
        return lip + below(line_at, reach, second) + speckles(sheet, reach, line_at, 40, shadow_of(second), 40)
    if finish == "banded":
        rings = ((0.78, 0.7), (0.66, 0.64), (0.6, 0.58))
        return "".join(band(-height * a, -height * b, reach, second) for a, b in rings)
    foot = below(-height * 0.1, reach, second)
    if finish == "speckled":
        return speckles(sheet, reach, -height - 10, -height * 0.06, tone, 90) + foot
    return foot


def mug(sheet: Sheet, *, finish: Finish = "dipped", tall: float = 1.0, wide: float = 1.0) -> str:
    """Draw a mug with its handle to the right."""
    colour = sheet.colour(0, "#7d9a8c")
    r, h = 168 * wide, 345 * tall
    if finish == "enamel":
        colour = sheet.colour(0, "#f1ece0")
        profile = [(r, -h), (r * 0.99, -h * 0.5), (r * 0.98, -26), (r * 0.9, -4), (r * 0.86, 0)]
        details, rim = "", sheet.colour(1, "#2b3f55")
    else:
        profile = [(r * 0.97, -h), (r, -h * 0.6), (r * 0.98, -h * 0.22), (r * 0.84, -18), (r * 0.7, 0)]
        details, rim = _finish(sheet, finish, r, h), colour
    handle = f"M{r * 0.9:.0f},{-h * 0.8:.0f}C{r * 1.75:.0f},{-h * 0.92:.0f} {r * 1.75:.0f},{-h * 0.16:.0f} {r * 0.88:.0f},{-h * 0.24:.0f}"
    markup = shadow(sheet, r, colour) + tube(handle, 36 if finish != "enamel" else 25, colour)
    markup += turned(sheet, profile, colour, details=details)
    inside = "#f3ece0" if finish in ("enamel", "banded") else mix(colour, WARM_WHITE, 0.2)
    markup += mouth(sheet, profile[0][0], -h, rim, inside=inside, wall=12 if finish == "enamel" else 8)
    return move(markup, -34, 0)


def beaker(sheet: Sheet, *, finish: Finish = "speckled") -> str:
    """Draw a pair of small cups without handles, one behind the other."""
    colour = sheet.colour(0, "#d9c9ae")
    r, h = 118, 215

    def cup(shade: str) -> str:
        profile = [(r, -h), (r * 0.98, -h * 0.55), (r * 0.9, -h * 0.2), (r * 0.72, -12), (r * 0.62, 0)]
        body = turned(sheet, profile, shade, details=_finish(sheet, finish, r, h))
        return shadow(sheet, r, shade) + body + mouth(sheet, r, -h, shade, inside=mix(shade, WARM_WHITE, 0.25), wall=8)

    stack = cup(shift(colour, -0.03))
    return move(stack, 118, -58) + move(cup(colour), -92, 22)


def bowl(
    sheet: Sheet, *, finish: Finish = "speckled", deep: float = 1.0, filled: bool = False, wide: float = 1.0
) -> str:
    """Draw a wide bowl, alone or with a few things in it."""
    colour = sheet.colour(0, "#d8cbb2")
    r, h = 262 * wide, 215 * deep
    profile = [(r, -h), (r * 0.975, -h * 0.72), (r * 0.8, -h * 0.32), (r * 0.5, -h * 0.09), (r * 0.4, -6), (r * 0.4, 0)]
    inside = mix(colour, WARM_WHITE, 0.25)
    markup = shadow(sheet, r * 0.72, colour, depth=58)
    markup += mouth(sheet, r, -h, colour, inside=inside, wall=11, tilt=0.24)
    if filled:
        rim = ellipse(0, -h, r - 11, (r - 11) * 0.24) + f"M{-r},{-h - 300}H{r}V{-h}H{-r}Z"
        markup += sheet.clipped(rim, _fruit(sheet, r, h))
    body = outline(profile, tilt=0.06)
    front = body.rsplit("A", 1)[0] + f"A{r:.1f},{r * 0.24:.1f} 0 0 0 {r:.1f},{-h:.1f}Z"
    details = _finish(sheet, finish, r, h)
    markup += form(sheet, front, colour, round_shade(sheet, r, colour), details=details)
    rim_line = f"M{-r},{-h}A{r:.1f},{r * 0.24:.1f} 0 0 0 {r},{-h}"
    return move(markup + stroke(rim_line, mix(colour, WARM_WHITE, 0.5), 7, opacity=0.85), 0, -20)


def _fruit(sheet: Sheet, r: float, h: float) -> str:
    markup = ""
    tones = ("#d99a4e", "#c9683f", "#d8ae55")
    spots = ((-0.42, 0.05, 76), (0.45, 0.04, 72), (0.04, 0.2, 84), (-0.12, -0.12, 70), (0.3, -0.14, 64))
    for i, (x, y, size) in enumerate(spots):
        tone = tones[i % 3]
        ball = ellipse(0, 0, size, size * 0.96)
        fruit = form(sheet, ball, tone, round_shade(sheet, size, tone, gloss=1.1))
        leaf = stroke(f"M2,{-size * 0.8:.0f}q3,-14 12,-20", "#5b4a30", 6)
        markup += move(fruit + leaf, r * x, -h - 40 - r * y)
    return markup


def plate(sheet: Sheet, *, finish: Finish = "speckled", stack: int = 1) -> str:
    """Draw a plate that leans up for us to see its face, or a stack of plates with a cup's foot on top."""
    colour, second = sheet.colour(0, "#dccfb8"), sheet.colour(1, CLAY)
    if stack > 1:
        return _stack(sheet, colour, second, stack)
    r = 268
    face = ellipse(0, 0, r * 0.94, r)
    tone = mix(colour, shadow_of(colour), 0.7)
    specks = speckles(sheet, r, -r, r, tone, 120) if finish == "speckled" else ""
    rings = ""
    if finish == "banded":
        rings = f'<ellipse rx="{r * 0.83:.0f}" ry="{r * 0.885:.0f}" fill="none" stroke="{second}" stroke-width="11"/>'
    deep = shadow_of(colour)
    across = sheet.linear((-r, -r), (r, r), [(0, WARM_WHITE, 0.4), (0.5, WARM_WHITE, 0.0), (1, deep, 0.34)])
    well = sheet.linear((-r, -r), (r, r), [(0.1, deep, 0.3), (0.5, deep, 0.05), (0.9, WARM_WHITE, 0.35)])
    markup = path(ellipse(11, 5, r * 0.94, r), mix(colour, deep, 0.45))
    markup += form(sheet, face, colour, across, details=specks + rings)
    markup += path(ellipse(0, 4, r * 0.63, r * 0.67), well) + path(
        ellipse(3, 8, r * 0.6, r * 0.64), colour, opacity=0.55
    )
    ring = f'<ellipse rx="{r * 0.93:.0f}" ry="{r * 0.99:.0f}" fill="none" stroke="{WARM_WHITE}" stroke-width="4" opacity="0.5"/>'
    foot = "M-118,14L-96,-40H96L118,14Q122,30 100,30H-100Q-122,30 -118,14Z"
    stand = form(sheet, foot, "#a9764c", sheet.linear((-110, 0), (110, 0), [(0, WARM_WHITE, 0.2), (1, "#3a2413", 0.3)]))
    return shadow(sheet, 170, colour, depth=46) + move(markup + ring, 0, -r - 4, turn=-2) + stand


def _stack(sheet: Sheet, colour: str, second: str, count: int) -> str:
    markup = shadow(sheet, 240, colour, depth=60)
    for i in range(count):
        tone = colour if i % 2 == 0 else shift(colour, -0.025)
        markup += move(dish(sheet, 280 - i * 3, -22, tone, tilt=0.16), (-4, 3, -2, 5, 0)[i % 5], -i * 27)
    cup = [(92, -170), (94, -110), (86, -40), (66, -10), (58, 0)]
    details = below(-26, 96, second)
    small = turned(sheet, cup, colour, details=details) + mouth(sheet, 92, -170, colour, wall=7)
    return markup + move(oval(16, 2, 92, 15, shadow_of(colour), opacity=0.35) + small, 6, -count * 27 + 12)


def jug(sheet: Sheet, *, finish: Finish = "dipped") -> str:
    """Draw a full-bellied jug with a lip to the left and a handle to the right."""
    colour = sheet.colour(0, "#6f8f8a")
    h = 450
    profile = [(104, -h), (96, -h * 0.86), (118, -h * 0.68), (170, -h * 0.4), (164, -h * 0.16), (118, -12), (104, 0)]
    handle = f"M92,{-h * 0.9:.0f}C260,{-h * 1.02:.0f} 282,{-h * 0.42:.0f} 156,{-h * 0.32:.0f}"
    spout = f"M-100,{-h * 0.82:.0f}C-118,{-h * 0.92:.0f} -150,{-h * 1.03:.0f} -158,{-h * 1.035:.0f}C-128,{-h * 1.045:.0f} -70,{-h * 1.05:.0f} -30,{-h * 1.03:.0f}L-30,{-h * 0.84:.0f}Z"
    markup = shadow(sheet, 150, colour) + tube(handle, 34, colour)
    markup += form(sheet, spout, colour, round_shade(sheet, 170, colour, strength=0.7))
    markup += turned(sheet, profile, colour, details=_finish(sheet, finish, 175, h))
    markup += mouth(sheet, 104, -h, colour, inside=mix(colour, WARM_WHITE, 0.15), wall=8)
    lip = f"M-156,{-h * 1.033:.0f}Q-122,{-h * 1.01:.0f} -94,{-h * 0.985:.0f}"
    return move(markup + stroke(lip, mix(colour, WARM_WHITE, 0.45), 7), -22, 0)


def teapot(sheet: Sheet, *, finish: Finish = "speckled") -> str:
    """Draw a round teapot with a cane or clay handle."""
    colour = sheet.colour(0, "#51685a")
    body = [(70, -300), (120, -288), (186, -220), (206, -140), (180, -56), (122, -8), (112, 0)]
    spout = "M-150,-110C-226,-120 -240,-190 -286,-262C-276,-274 -262,-276 -246,-270C-206,-232 -196,-214 -150,-206Z"
    handle = "M166,-232C318,-288 330,-62 176,-74"
    lid = [(14, -352), (70, -330), (92, -302), (92, -294)]
    knob = [(10, -402), (32, -388), (30, -364), (14, -350), (16, -340)]
    markup = shadow(sheet, 196, colour) + tube(handle, 32, colour)
    markup += form(
        sheet,
        spout,
        colour,
        sheet.linear(
            (-270, -280), (-170, -100), [(0, WARM_WHITE, 0.3), (0.4, WARM_WHITE, 0.1), (1, shadow_of(colour), 0.4)]
        ),
    )
    markup += turned(sheet, body, colour, details=_finish(sheet, finish, 210, 300))
    seat = oval(0, -294, 98, 98 * TILT, mix(colour, shadow_of(colour), 0.5))
    markup += seat + turned(sheet, lid, colour) + turned(sheet, knob, sheet.colour(1, colour))
    return move(markup, 6, 0, scale=1.12)


def saucered(sheet: Sheet) -> str:
    """Draw a coffee cup on its saucer."""
    colour, second = sheet.colour(0, "#c98f6a"), sheet.colour(1, CLAY)
    markup = shadow(sheet, 225, colour, depth=60) + dish(sheet, 255, -24, colour)
    markup += oval(26, -22, 130, 20, shadow_of(colour), opacity=0.3)
    cup = [(166, -240), (164, -190), (140, -90), (96, -24), (72, -6), (72, 0)]
    handle = "M150,-205C262,-236 258,-84 124,-84"
    inner = tube(handle, 27, colour) + turned(sheet, cup, colour, details=below(-20, 170, second))
    inner += mouth(sheet, 166, -240, colour, inside=mix(colour, WARM_WHITE, 0.35), wall=8)
    inner += contents(140, -228, 158, -239, "#6a4128", sheet)
    spoon = stroke(line([(120, 12), (300, -42)]), "#a99f8f", 11) + oval(104, 18, 34, 14, "#b8ae9c")
    return move(markup + move(inner, 0, -22) + move(spoon, -60, 0), -10, 0, scale=1.08)
