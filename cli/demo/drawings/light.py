"""Candles, candlesticks, lamps, glass and vases."""

from collections.abc import Sequence

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.kitchen import OAK, grain
from cli.demo.drawings.paint import PAPER, mix, shadow_of, shift
from cli.demo.drawings.sheet import (
    WARM_WHITE,
    Point,
    Sheet,
    box,
    form,
    move,
    oval,
    path,
    round_shade,
    slant_shade,
    stroke,
    tube,
)
from cli.demo.drawings.turned import TILT, band, below, contents, mouth, outline, speckles, turned

BRASS = "#c4a05a"


def flame(sheet: Sheet, size: float = 1.0) -> str:
    """Draw a small still flame above (0, 0), with its glow."""
    glow = sheet.radial([(0, "#ffdf9a", 0.75), (0.35, "#ffdf9a", 0.28), (1, "#ffdf9a", 0)])
    outer = "M0,4C-20,-4 -19,-34 0,-72C19,-34 20,-4 0,4Z"
    inner = "M0,2C-9,-4 -9,-20 0,-40C9,-20 9,-4 0,2Z"
    markup = oval(0, -30, 190, 190, glow) + path(outer, "#f0a63f") + path(inner, "#fff3cf")
    return move(stroke("M0,16V-8", "#5a4634", 5) + markup, scale=size)


def candle(sheet: Sheet, *, holder: str = "glass") -> str:
    """Draw a poured candle in a tumbler or a stoneware pot."""
    colour, wax = sheet.colour(0, "#c7b08c"), sheet.colour(1, "#f3e6cd")
    r, h = 150, 320
    profile = [(r, -h), (r, -h * 0.5), (r * 0.985, -24), (r * 0.93, -4), (r * 0.9, 0)]
    markup = shadow(sheet, r, colour)
    if holder == "pot":
        body = turned(sheet, profile, colour, details=speckles(sheet, r, -h, 0, shadow_of(colour), 80))
        wick = move(flame(sheet), 0, -h + 12)
        return (
            markup
            + body
            + mouth(sheet, r, -h, colour, wall=10)
            + contents(r - 8, -h + 14, r - 10, -h, wax, sheet)
            + wick
        )
    level = -h * 0.76
    details = below(level, r, mix(wax, colour, 0.35)) + oval(0, level, r - 6, r * TILT, mix(wax, WARM_WHITE, 0.3))
    body = turned(sheet, profile, mix(colour, "#eef0ea", 0.55), details=details, gloss=1.4, strength=0.8)
    label = form(
        sheet,
        "M-70,-168Q0,-150 70,-168V-66Q0,-48 -70,-66Z",
        PAPER,
        slant_shade(sheet, (-70, -160), (70, -50), "#a5977f"),
    )
    label += stroke("M-36,-124Q0,-115 36,-124", colour, 7) + stroke("M-22,-98Q0,-92 22,-98", colour, 4)
    rim = f'<ellipse cx="0" cy="{-h}" rx="{r - 3}" ry="{r * TILT - 2:.1f}" fill="{WARM_WHITE}" fill-opacity="0.22" stroke="{WARM_WHITE}" stroke-opacity="0.8" stroke-width="6"/>'
    return markup + body + label + rim + move(flame(sheet), 0, level - 4)


def pillars(sheet: Sheet) -> str:
    """Draw three beeswax pillars of different height on a dish."""
    colour = sheet.colour(0, "#dcb25f")
    markup = shadow(sheet, 240, colour, depth=54)
    for x, y, r, h, lit in ((34, -34, 66, 420, True), (-118, -8, 62, 260, True), (132, 14, 58, 170, False)):
        wax = turned(sheet, [(r, -h), (r, -h), (r, -6), (r - 3, 0)], colour, gloss=0.7)
        top = oval(0, -h, r, r * TILT, mix(colour, WARM_WHITE, 0.45)) + oval(
            2, -h + 1, r * 0.6, r * TILT * 0.55, mix(colour, "#a0641a", 0.25)
        )
        drip = path(f"M{-r * 0.5:.0f},{-h + 4}q4,60 14,64t14,-58Z", mix(colour, WARM_WHITE, 0.35))
        wick = move(flame(sheet, 0.8), 0, -h - 6) if lit else stroke(f"M0,{-h}q2,-16 6,-24", "#4c3b2c", 5)
        markup += move(oval(14, 0, r * 1.15, 12, shadow_of(colour), opacity=0.3) + wax + top + drip + wick, x, y)
    return markup


def candlestick(sheet: Sheet) -> str:
    """Draw a pair of turned candlesticks with tapers."""
    colour, taper = sheet.colour(0, BRASS), sheet.colour(1, "#efe3cc")

    def stick(h: float) -> str:
        base = [
            (20, -h),
            (30, -h + 6),
            (30, -h + 18),
            (14, -h + 34),
            (13, -h * 0.5),
            (22, -h * 0.42),
            (13, -h * 0.34),
            (16, -52),
            (70, -24),
            (84, -10),
            (84, 0),
        ]
        wax = turned(sheet, [(15, -h - 270), (17, -h - 262), (18, -h - 6), (18, -h)], taper, gloss=0.6)
        return (
            shadow(sheet, 84, colour, depth=26)
            + wax
            + turned(sheet, base, colour, gloss=1.5)
            + move(flame(sheet, 0.72), 0, -h - 276)
        )

    return move(stick(300), 104, -22) + move(stick(196), -96, 20)


def lamp(sheet: Sheet, *, base: str = "turned") -> str:
    """Draw a table lamp with a linen shade, lit."""
    colour, cloth = sheet.colour(0, "#54705f"), sheet.colour(1, "#efe0c2")
    glow = sheet.radial([(0, "#ffe3a3", 0.6), (0.5, "#ffe3a3", 0.2), (1, "#ffe3a3", 0)])
    markup = oval(0, -420, 420, 400, glow) + shadow(sheet, 130, colour)
    if base == "turned":
        profile = [(26, -330), (32, -300), (96, -232), (132, -150), (120, -64), (86, -12), (82, 0)]
        markup += turned(sheet, profile, colour, details=speckles(sheet, 130, -330, 0, shadow_of(colour), 60))
    else:
        markup += turned(sheet, [(124, -34), (124, -34), (124, 0), (122, 4)], colour) + oval(
            0, -34, 124, 124 * TILT, shift(colour, 0.07)
        )
        markup += tube("M0,-40V-330", 24, OAK)
    markup += turned(sheet, [(14, -352), (14, -320)], BRASS)
    shade = [(118, -600), (150, -510), (214, -330)]
    warm = sheet.linear(
        (-210, 0),
        (210, 0),
        [(0, "#b98a4c", 0.25), (0.36, "#fff3d0", 0.55), (0.62, "#ffe9b8", 0.2), (1, "#8a5a28", 0.4)],
    )
    lines = "".join(
        stroke(f"M{x * 0.55:.0f},-620L{x},-300", "#b89560", 2.4, opacity=0.25) for x in range(-210, 220, 28)
    )
    body = outline(shade, tilt=0.12)
    rims = band(-600, -586, 124, mix(cloth, "#a77c3c", 0.3), tilt=0.12) + band(
        -344, -330, 214, mix(cloth, "#a77c3c", 0.3), tilt=0.12
    )
    return markup + form(sheet, body, cloth, warm, details=lines + rims) + oval(0, -600, 116, 13, "#fff6dd")


def pendant(sheet: Sheet) -> str:
    """Draw a spun metal pendant that hangs from above, lit from within."""
    colour, inside = sheet.colour(0, "#2f5044"), "#f6dfa8"
    glow = sheet.radial([(0, "#ffe3a3", 0.75), (0.5, "#ffe3a3", 0.22), (1, "#ffe3a3", 0)])
    cone = [(34, -70), (52, -50), (130, 20), (206, 92), (252, 180)]
    markup = oval(0, 300, 330, 300, glow) + stroke("M0,-520V-100", "#4a3a2a", 8)
    markup += turned(sheet, [(24, -124), (30, -112), (34, -70)], BRASS)
    markup += turned(sheet, cone, colour, gloss=1.2, tilt=0.16)
    rim = 252
    markup += oval(0, 180, rim, rim * 0.16, mix(colour, "#ffffff", 0.12)) + oval(
        0, 181, rim - 8, rim * 0.16 - 4, inside
    )
    bulb = sheet.radial([(0, "#ffffff", 1), (0.6, "#fff0c4", 1), (1, "#ffd987", 0.2)])
    return markup + oval(0, 190, 58, 40, bulb)


def glass(sheet: Sheet, *, stem: bool = False) -> str:
    """Draw two tumblers, or one stemmed glass, with a drink in one."""
    colour, drink = sheet.colour(0, "#a9c2b4"), sheet.colour(1, "#e9c98a")
    if stem:
        left = move(_stemmed(sheet, colour, drink), -112, 10)
        return left + move(_stemmed(sheet, colour, None), 128, -46, scale=0.97)

    def tumbler(filled: bool) -> str:
        h, r = 300, 116
        profile = [(r, -h), (r * 0.98, -h * 0.6), (r * 0.9, -h * 0.2), (r * 0.84, -8), (r * 0.8, 0)]
        return shadow(sheet, 100, mix(colour, "#ffffff", 0.2), depth=30) + _clear(
            sheet, profile, colour, drink if filled else None, h * 0.66
        )

    return move(tumbler(False), 118, -52) + move(tumbler(True), -100, 20)


def _clear(sheet: Sheet, profile: Sequence[Point], colour: str, drink: str | None, level: float) -> str:
    r, top = profile[0]
    d = outline(profile)
    deep = shadow_of(colour)
    wall = sheet.linear(
        (-r, 0),
        (r, 0),
        [
            (0, deep, 0.42),
            (0.09, WARM_WHITE, 0.35),
            (0.2, WARM_WHITE, 0.5),
            (0.32, WARM_WHITE, 0.08),
            (0.7, deep, 0.05),
            (0.9, deep, 0.26),
            (1, deep, 0.5),
        ],
    )
    base = below(-20, r, deep)
    inside = ""
    if drink:
        inside = below(-level, r, drink) + oval(0, -level, r * 0.97, r * TILT, mix(drink, WARM_WHITE, 0.45))
    back = oval(0, top, r, r * TILT, colour, opacity=0.35)
    markup = (
        back
        + f'<g opacity="0.5">{path(d, colour)}</g>'
        + sheet.clipped(d, f'<g opacity="0.72">{inside}</g><g opacity="0.22">{base}</g>')
    )
    rim = f'<ellipse cx="0" cy="{top:.0f}" rx="{r - 2:.0f}" ry="{r * TILT - 1:.1f}" fill="none" stroke="{WARM_WHITE}" stroke-opacity="0.85" stroke-width="5"/>'
    return markup + path(d, wall) + rim


def _stemmed(sheet: Sheet, colour: str, drink: str | None) -> str:
    deep = shadow_of(colour)
    foot = oval(0, -4, 92, 17, mix(colour, "#ffffff", 0.25), opacity=0.8) + oval(
        0, -8, 84, 13, WARM_WHITE, opacity=0.45
    )
    stem = stroke("M0,-10V-206", mix(colour, deep, 0.15), 13, opacity=0.85) + stroke(
        "M-3,-12V-206", WARM_WHITE, 4, opacity=0.8
    )
    cup = _clear(sheet, [(96, -460), (110, -390), (104, -300), (60, -226), (10, -200), (6, -196)], colour, drink, 350)
    return shadow(sheet, 90, mix(colour, "#ffffff", 0.2), depth=24) + foot + stem + cup


def carafe(sheet: Sheet) -> str:
    """Draw a glass carafe half full."""
    colour, drink = sheet.colour(0, "#b7cdbf"), sheet.colour(1, "#cfe0dc")
    profile = [(76, -520), (60, -450), (58, -400), (86, -320), (140, -210), (150, -100), (132, -16), (122, 0)]
    cup = _clear(sheet, [(78, -150), (76, -90), (70, -8), (66, 0)], colour, drink, 96)
    body = _clear(sheet, profile, colour, drink, 270)
    shine = stroke("M-104,-210C-118,-160 -116,-110 -104,-60", WARM_WHITE, 11, opacity=0.65)
    beside = move(shadow(sheet, 72, colour, depth=22) + cup, 190, 26)
    return move(shadow(sheet, 138, colour) + body + shine + beside, -50, 0, scale=1.05)


def vase(sheet: Sheet, *, shape: str = "round") -> str:
    """Draw a vase with branches in it."""
    colour, leaf = sheet.colour(0, "#c9785a"), sheet.colour(1, "#6f8a63")
    if shape == "tall":
        profile = [(62, -400), (58, -370), (86, -290), (104, -180), (92, -60), (72, -6), (68, 0)]
    elif shape == "bud":
        profile = [(34, -260), (28, -236), (30, -190), (84, -130), (108, -76), (92, -18), (70, 0)]
    else:
        profile = [(54, -310), (48, -284), (76, -248), (158, -176), (174, -104), (138, -26), (98, 0)]
    r, top = profile[0]
    twigs = ((-20, 380), (12, 430), (34, 330)) if shape != "bud" else ((-9, 330), (16, 270))
    growth = "".join(
        move(sprig(sheet, length, shift(leaf, 0.03 * i), leaves=11), 0, top + 30, turn=turn)
        for i, (turn, length) in enumerate(twigs)
    )
    finish = speckles(sheet, 180, top, 0, shadow_of(colour), 70)
    rings = (
        "".join(band(y, y + 5, 190, mix(colour, WARM_WHITE, 0.5), opacity=0.5) for y in range(int(top * 0.55), -60, 34))
        if shape == "tall"
        else finish
    )
    body = turned(sheet, profile, colour, details=rings)
    hole = mouth(sheet, r, top, colour, wall=6)
    front = sheet.clipped(f"M-300,-1200H300V{top}A{r},{r * TILT:.1f} 0 0 1 {-r},{top}H-300Z", growth)
    scale = 1.0 if shape != "bud" else 1.25
    return move(shadow(sheet, max(r for r, _ in profile) * 0.9, colour) + body + hole + front, -6, 0, scale=scale)


def diffuser(sheet: Sheet) -> str:
    """Draw a squat bottle with reeds."""
    glass_colour, drink = sheet.colour(0, "#8c6a45"), sheet.colour(1, "#d6a95d")
    profile = [(40, -270), (38, -236), (70, -214), (128, -180), (134, -30), (126, -4), (120, 0)]
    reeds = "".join(
        stroke(f"M{x * 0.14:.0f},-230L{x},{-590 + abs(x) * 0.35:.0f}", mix(OAK, PAPER, 0.25 + 0.05 * i), 8)
        for i, x in enumerate((-120, -62, -10, 48, 112))
    )
    body = turned(sheet, profile, glass_colour, details=below(-150, 150, mix(drink, glass_colour, 0.4)), gloss=1.5)
    label = path(box(-66, -140, 132, 96, 4), PAPER) + path(
        box(-66, -140, 132, 96, 4), round_shade(sheet, 110, "#8a7a60", gloss=0.3)
    )
    label += stroke("M-30,-104H30", glass_colour, 6) + stroke("M-18,-80H18", glass_colour, 4)
    return shadow(sheet, 130, glass_colour) + reeds + body + turned(sheet, [(44, -284), (44, -262)], BRASS) + label


def clock(sheet: Sheet) -> str:
    """Draw a round wall clock with a wooden rim and plain hands."""
    colour, face = sheet.colour(0, OAK), sheet.colour(1, PAPER)
    r = 248
    ring = f"M{-r},0A{r},{r} 0 1 1 {r},0A{r},{r} 0 1 1 {-r},0Z"
    inner = f"M{-r + 34},0A{r - 34},{r - 34} 0 1 1 {r - 34},0A{r - 34},{r - 34} 0 1 1 {-r + 34},0Z"
    ink = mix(shadow_of(colour), "#22302a", 0.5)
    marks = "".join(
        move(stroke("M0,-196V-176" if i % 3 else "M0,-196V-164", ink, 5 if i % 3 else 9), turn=30 * i)
        for i in range(12)
    )
    markup = wall_shadow(ring, opacity=0.15) + form(
        sheet,
        ring,
        colour,
        slant_shade(sheet, (-r, -r), (r, r), colour, strength=1.3),
        details=grain(sheet, -r, -r, 2 * r, 2 * r, colour, 14),
    )
    shade = sheet.linear((-160, -160), (160, 160), [(0, "#5a4a34", 0.3), (0.35, "#5a4a34", 0), (1, WARM_WHITE, 0.4)])
    hands = move(stroke("M0,24V-104", ink, 13), turn=-58) + move(stroke("M0,32V-160", ink, 9), turn=52)
    cast = move(hands, 8, 9)
    return (
        markup
        + path(inner, face)
        + path(inner, shade)
        + marks
        + f'<g opacity="0.18">{cast}</g>'
        + hands
        + oval(0, 0, 14, 14, BRASS)
    )
