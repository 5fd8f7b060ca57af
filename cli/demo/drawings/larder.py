"""Jars, tins, packets, bottles and what is in them."""

from cli.demo.drawings.ground import shadow, sprig
from cli.demo.drawings.kitchen import OAK
from cli.demo.drawings.paint import PAPER, mix, shadow_of, shift
from cli.demo.drawings.sheet import (
    WARM_WHITE,
    Sheet,
    blob,
    box,
    form,
    move,
    oval,
    path,
    polygon,
    slant_shade,
    stroke,
    tube,
)
from cli.demo.drawings.turned import TILT, band, contents, mouth, turned


def jar(sheet: Sheet, *, lid: str = "wood") -> str:
    """Draw a glass jar that shows what is in it, under a wooden lid or a cloth tied over."""
    fill, top = sheet.colour(0, "#c98a3c"), sheet.colour(1, OAK)
    glass = "#dfe6e0"
    h = 400
    profile = [(128, -h), (134, -h + 26), (152, -h + 62), (156, -200), (154, -40), (140, -6), (130, 0)]
    level = -h * 0.66
    details = band(level, 400, 200, fill, opacity=0.94) + oval(0, level, 150, 150 * TILT, mix(fill, WARM_WHITE, 0.3))
    markup = shadow(sheet, 150, mix(fill, glass, 0.4)) + turned(
        sheet, profile, mix(glass, fill, 0.12), details=details, gloss=1.3, strength=0.7
    )
    label = "M-96,-196Q0,-172 96,-196V-84Q0,-60 -96,-84Z"
    markup += form(sheet, label, PAPER, sheet.linear((-96, 0), (96, 0), [(0, WARM_WHITE, 0.3), (1, "#6b5a40", 0.28)]))
    markup += stroke("M-52,-148Q0,-136 52,-148", fill, 7) + stroke("M-34,-118Q0,-110 34,-118", mix(fill, PAPER, 0.4), 5)
    if lid == "cloth":
        cap = "M-128,-432C-120,-462 120,-462 128,-432C140,-408 160,-372 172,-352C120,-334 84,-362 40,-340C0,-356 -40,-336 -84,-356C-116,-338 -150,-344 -172,-352C-160,-372 -140,-408 -128,-432Z"
        shade = slant_shade(sheet, (-160, -450), (170, -340), top, strength=1.2)
        checks = "".join(stroke(f"M{x},-470V-330", WARM_WHITE, 9, opacity=0.4) for x in range(-160, 170, 34))
        markup += form(sheet, cap, top, shade, details=checks) + stroke("M-134,-402Q0,-384 134,-402", "#8b6b43", 8)
    else:
        markup += turned(sheet, [(134, -452), (138, -440), (138, -404), (134, -398)], top, gloss=0.7)
        markup += oval(0, -452, 134, 134 * TILT, mix(shift(top, 0.05), WARM_WHITE, 0.2))
        markup += oval(0, -452, 96, 96 * TILT, shadow_of(top), opacity=0.07)
    return move(markup, 0, 0, scale=1.14)


def tin(sheet: Sheet, *, squat: float = 1.0) -> str:
    """Draw a round tin with a paper band and a pressed lid."""
    colour, paper = sheet.colour(0, "#345a4b"), sheet.colour(1, PAPER)
    h, r = 380 * squat, 168 / max(squat, 0.7) ** 0.5
    details = (
        band(-h * 0.76, -h * 0.16, r, paper)
        + band(-h * 0.7, -h * 0.685, r, colour)
        + band(-h * 0.235, -h * 0.22, r, colour)
    )
    markup = shadow(sheet, r, colour) + turned(sheet, [(r, -h), (r, -8), (r - 5, 0)], colour, details=details)
    markup += _sprig_mark(colour, h)
    markup += turned(sheet, [(r + 6, -h - 44), (r + 8, -h - 36), (r + 8, -h + 10), (r + 4, -h + 14)], colour)
    top = mix(shift(colour, 0.05), WARM_WHITE, 0.18)
    return (
        markup
        + oval(0, -h - 44, r + 6, (r + 6) * TILT, top)
        + oval(0, -h - 42, r - 14, (r - 14) * TILT, shadow_of(colour), opacity=0.16)
    )


def _sprig_mark(colour: str, h: float = 420) -> str:
    leaves = "".join(
        move(path("M0,0C16,-12 16,-36 0,-48C-16,-36 -16,-12 0,0Z", colour), 0, y, turn=turn)
        for y, turn in ((-4, -58), (-4, 58), (-34, -44), (-34, 44), (-60, 0))
    )
    return move(leaves + stroke("M0,22V-70", colour, 5), -8, -h * 0.42, scale=min(h / 420, 1.0))


def packet(sheet: Sheet) -> str:
    """Draw a folded paper packet with a label, and a small heap before it."""
    colour, heap = sheet.colour(0, "#c9a878"), sheet.colour(1, "#5b3a24")
    body = "M-150,-430L-164,-12Q-164,0 -150,0H150Q164,0 164,-12L150,-430Z"
    side = "M92,-430L112,0H150Q164,0 164,-12L150,-430Z"
    fold = "M-150,-430L-140,-500H142L150,-430Z"
    markup = shadow(sheet, 168, colour, depth=44) + form(
        sheet, body, colour, slant_shade(sheet, (-160, -430), (170, 0), colour)
    )
    markup += path(side, shadow_of(colour), opacity=0.2) + form(
        sheet, fold, shift(colour, -0.04), slant_shade(sheet, (-150, -500), (150, -420), colour)
    )
    markup += stroke("M-146,-464H148", "#7a5c38", 8) + path(box(-96, -330, 172, 190, 8), PAPER)
    markup += path(
        box(-96, -330, 172, 190, 8), sheet.linear((-96, 0), (76, 0), [(0, WARM_WHITE, 0.2), (1, "#6b5a40", 0.16)])
    )
    markup += move(_sprig_mark(heap), -4, -38, scale=1.05)
    chance = sheet.chance
    grains = "".join(
        oval(230 + x, -8 - y, 13, 9, tone)
        for x, y, tone in sorted(
            (
                (chance.gauss(0, 34), abs(chance.gauss(0, 12)), shift(heap, chance.uniform(-0.03, 0.09)))
                for _ in range(34)
            ),
            key=lambda spot: -spot[1],
        )
    )
    return move(markup + oval(236, 6, 90, 14, "#3a2a1c", opacity=0.22) + move(grains, 0, 14), -40, 0)


def bottle(sheet: Sheet) -> str:
    """Draw a tall bottle of oil or syrup with a cork."""
    fill, glass = sheet.colour(0, "#a9a04a"), "#dbe3d8"
    profile = [(36, -560), (34, -470), (42, -420), (100, -340), (108, -280), (108, -40), (98, -4), (92, 0)]
    details = band(-330, 400, 130, fill, opacity=0.9) + oval(0, -330, 104, 12, mix(fill, WARM_WHITE, 0.35))
    markup = shadow(sheet, 112, fill) + turned(sheet, [(26, -606), (28, -560), (26, -540)], "#c8a374", gloss=0.5)
    markup += turned(sheet, profile, mix(glass, fill, 0.2), details=details, gloss=1.4, strength=0.8)
    markup += turned(sheet, [(42, -568), (42, -544), (40, -540)], mix(glass, fill, 0.3))
    label = "M-84,-250Q0,-230 84,-250V-100Q0,-80 -84,-100Z"
    markup += form(sheet, label, PAPER, sheet.linear((-84, 0), (84, 0), [(0, WARM_WHITE, 0.3), (1, "#6b5a40", 0.3)]))
    olive = move(sprig(sheet, 250, "#7d8c5a", leaves=9), 150, -6, turn=64)
    return markup + move(_sprig_mark(fill), 6, -8, scale=0.8) + olive


def salt_bowl(sheet: Sheet) -> str:
    """Draw a shallow bowl of coarse salt with a small scoop."""
    colour, grains = sheet.colour(0, "#9fb0b3"), sheet.colour(1, "#f3efe6")
    markup = shadow(sheet, 170, colour) + mouth(sheet, 190, -150, colour, wall=9)
    markup += contents(176, -136, 182, -150, grains, sheet)
    heap = blob([(-140, -140), (-90, -178), (-20, -206), (60, -188), (130, -150), (60, -126), (-70, -124)])
    markup += form(sheet, heap, grains, slant_shade(sheet, (-120, -200), (130, -120), "#a79f92"))
    scoop = (
        tube("M40,-188L150,-320", 20, OAK)
        + oval(28, -178, 46, 26, OAK)
        + oval(24, -182, 34, 17, shadow_of(OAK), opacity=0.3)
    )
    front = turned(sheet, [(190, -150), (186, -100), (150, -34), (104, -6), (100, 0)], colour)
    lower = "M-190,-150A190,32.3 0 0 0 190,-150L260,-150V60H-260V-150Z"
    return move(markup + scoop + sheet.clipped(lower, front) + _spilt_grains(sheet), 0, 0, scale=1.25)


def _spilt_grains(sheet: Sheet) -> str:
    """Scatter a few grains on the table."""
    chance = sheet.chance
    return "".join(
        path(polygon([(x, y), (x + 6, y - 3), (x + 8, y + 3), (x + 2, y + 6)]), "#fffaf0", opacity=0.9)
        for x, y in ((chance.uniform(-230, 230), chance.uniform(14, 52)) for _ in range(16))
    )
