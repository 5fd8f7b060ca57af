"""Notebooks, pencils, cards, wrapping and other things for the desk."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.light import BRASS
from cli.demo.drawings.paint import PAPER, mix, shadow_of, shift
from cli.demo.drawings.sheet import (
    WARM_WHITE,
    Sheet,
    box,
    form,
    move,
    oval,
    path,
    polygon,
    round_shade,
    slant_shade,
    stroke,
)
from cli.demo.drawings.turned import band, mouth, turned


def notebook(sheet: Sheet, *, style: str = "cloth") -> str:
    """Draw a bound notebook from above, a second one under it, and a pencil."""
    colour, second = sheet.colour(0, "#4f6b5d"), sheet.colour(1, "#d98f5a")

    def book(tone: str, spine: str) -> str:
        d = box(-196, -268, 392, 536, 12)
        pages = path(box(-186, -256, 394, 536, 8), "#e9dfcd") + stroke("M206,-240V270", "#b9ab92", 2, opacity=0.5)
        back = path(box(-190, -262, 402, 546, 10), mix(tone, shadow_of(tone), 0.5))
        details = path(box(-196, -268, 74, 536), spine) + stroke("M-122,-268V268", shadow_of(spine), 3, opacity=0.35)
        if style == "stitched":
            details = "".join(stroke(f"M-170,{y}v44", "#f3e9d6", 6) for y in range(-230, 230, 74)) + stroke(
                "M-150,-268V268", shadow_of(tone), 3, opacity=0.25
            )
        if style == "marbled":
            details = _marbling(sheet, tone, spine) + details
        face = form(sheet, d, tone, slant_shade(sheet, (-196, -268), (196, 268), tone), details=details)
        return wall_shadow(box(-190, -262, 402, 546, 10), dx=22, dy=20, opacity=0.14) + back + pages + face

    label = (
        path(box(-56, -176, 184, 108, 4), PAPER)
        + stroke("M-28,-134H100", mix(colour, "#2a2a26", 0.3), 6)
        + stroke("M-28,-104H60", mix(colour, PAPER, 0.4), 5)
    )
    ribbon = path("M70,262V340L84,322L98,340V262Z", second)
    under = move(book(mix(second, PAPER, 0.2), mix(second, shadow_of(second), 0.3)), 34, 22, turn=9)
    top = move(
        ribbon + book(colour, mix(colour, shadow_of(colour), 0.3) if style != "marbled" else second) + label,
        -16,
        -8,
        turn=-4,
    )
    return move(under + top + move(pencil(sheet, "#d9a441", 330), 262, 330, turn=-18), -20, -10)


def _marbling(sheet: Sheet, tone: str, other: str) -> str:
    parts = []
    tones = (mix(tone, WARM_WHITE, 0.4), other, mix(tone, shadow_of(tone), 0.4), mix(other, WARM_WHITE, 0.5))
    for i in range(22):
        y = -290 + i * 27 + sheet.chance.uniform(-8, 8)
        sway = sheet.chance.uniform(16, 34)
        d = f"M-210,{y:.0f}" + "".join(f"q26,{-sway if k % 2 else sway:.0f} 52,0" for k in range(9))
        parts.append(stroke(d, tones[i % 4], sheet.chance.uniform(4, 11), opacity=0.75))
    return "".join(parts)


def pencil(sheet: Sheet, colour: str, length: float) -> str:
    """Draw one pencil lying with its point up."""
    d = polygon([(-13, 0), (13, 0), (13, -length + 46), (0, -length), (-13, -length + 46)])
    wood = path(polygon([(-13, -length + 46), (13, -length + 46), (0, -length)]), "#e2bd8a")
    lead = path(polygon([(-4, -length + 14), (4, -length + 14), (0, -length)]), "#3b3a36")
    sides = path(box(-13, -length + 46, 9, length - 46), WARM_WHITE, opacity=0.3) + path(
        box(5, -length + 46, 8, length - 46), shadow_of(colour), opacity=0.3
    )
    end = path(box(-13, -26, 26, 26, 4), mix(colour, shadow_of(colour), 0.5))
    return wall_shadow(d, dx=12, dy=8, opacity=0.16) + path(d, colour) + sides + wood + lead + end


def pencils(sheet: Sheet, *, pot: bool = False) -> str:
    """Draw a row of pencils in a card sleeve, or standing in a pot."""
    first = sheet.colour(0, "#2f5044")
    tones = [
        sheet.colour(i, tone) for i, tone in enumerate((first, "#c4643f", "#d9a441", "#6f8fa0", "#e4d3b4", "#8a5a6b"))
    ]
    if pot:
        markup = shadow(sheet, 120, first)
        back = mouth(sheet, 118, -240, first, wall=9)
        sticks = "".join(
            move(pencil(sheet, tones[(i + 1) % 6], length), x, -60, turn=turn)
            for i, (x, length, turn) in enumerate(((-60, 380, -12), (-24, 440, -4), (24, 400, 5), (62, 360, 13)))
        )
        front = turned(
            sheet,
            [(118, -240), (118, -240), (118, -8), (112, 0)],
            first,
            details=band(-200, -188, 120, mix(first, WARM_WHITE, 0.6)),
        )
        return move(markup + back + sticks + front, 0, 0, scale=1.15)
    markup = "".join(move(pencil(sheet, tone, 560), -150 + i * 60, 270, turn=0) for i, tone in enumerate(tones))
    sleeve = box(-196, -10, 392, 250, 8)
    card = "#dcc7a4"
    notch = path("M-60,-12H60A60,46 0 0 1 -60,-12Z", mix(card, shadow_of(card), 0.5), opacity=0.35)
    face = form(sheet, sleeve, card, slant_shade(sheet, (-196, -10), (196, 240), card)) + notch
    face += (
        path(box(-78, 84, 156, 92, 4), PAPER)
        + stroke("M-44,118H44", first, 7)
        + stroke("M-26,144H26", mix(first, PAPER, 0.4), 5)
    )
    return move(markup + wall_shadow(sleeve, dx=20, dy=18, opacity=0.16) + face, turn=-8)


def cards(sheet: Sheet) -> str:
    """Draw letterpress cards with a sprig on them, and their envelopes."""
    colour, leaf = sheet.colour(0, "#c9785a"), sheet.colour(1, "#5f7f5c")
    envelope = box(-250, -176, 500, 352, 8)
    flap = "M-250,-170L-20,36Q0,52 20,36L250,-170Z"
    mail = wall_shadow(envelope, dx=20, dy=18, opacity=0.14) + form(
        sheet, envelope, colour, slant_shade(sheet, (-250, -176), (250, 176), colour)
    )
    mail += move(path(flap, shadow_of(colour), opacity=0.22), 0, 8) + form(
        sheet, flap, shift(colour, 0.04), slant_shade(sheet, (-200, -170), (200, 40), colour)
    )
    card = box(-160, -226, 320, 452, 6)
    face = wall_shadow(card, dx=18, dy=16, opacity=0.14) + form(
        sheet, card, PAPER, slant_shade(sheet, (-160, -226), (160, 226), "#cbb896")
    )
    face += (
        stroke(box(-138, -204, 276, 408, 3), mix(leaf, PAPER, 0.5), 3)
        + move(sprig(sheet, 300, leaf, leaves=13), -6, 150)
        + stroke("M-50,176H50", mix(colour, PAPER, 0.2), 5)
    )
    return move(mail, 34, 150, turn=7) + move(face, 60, -76, turn=9) + move(face, -56, -62, turn=-7)


def wrapping(sheet: Sheet) -> str:
    """Draw rolls of printed paper with a ball of twine."""
    colour, second = sheet.colour(0, "#b5654a"), sheet.colour(1, "#efe2c8")
    markup = ""
    for i, (x, turn, tone, mark) in enumerate(
        ((-150, -9, second, colour), (10, -3, colour, second), (160, 6, mix("#3f5a4d", colour, 0.1), second))
    ):
        d = box(-62, -330, 124, 640, 14)
        prints = ""
        for row in range(9):
            for column in (-36, 0, 36):
                x0, y0 = column + (18 if row % 2 else 0), -300 + row * 72
                prints += move(
                    path("M0,12C13,2 13,-14 0,-24C-13,-14 -13,2 0,12Z", mark), x0, y0, turn=30 if row % 2 else -30
                )
        shade = round_shade(sheet, 62, tone, gloss=0.7)
        tie = path(box(-66, 20, 132, 18), "#d9c39a") + path(
            box(-66, 20, 132, 18), round_shade(sheet, 66, "#8a6a3c", gloss=0.4)
        )
        markup += move(
            wall_shadow(d, dx=20, dy=10, opacity=0.13)
            + form(sheet, d, tone, shade, details=prints)
            + oval(0, -326, 58, 13, mix(tone, WARM_WHITE, 0.3))
            + oval(0, -326, 34, 7, shadow_of(tone), opacity=0.5)
            + tie,
            x,
            0 + i * 8,
            turn=turn,
        )
    return markup


def twine(sheet: Sheet) -> str:
    """Draw a ball of twine on the table with a loose end."""
    colour = sheet.colour(0, "#c9a367")
    ball = "M-190,-186A190,186 0 1 1 190,-186A190,186 0 1 1 -190,-186Z"
    lines = ""
    for turn, offset in ((-38, 0), (24, 0), (70, 0)):
        arcs = "".join(
            stroke(f"M-220,{y}Q0,{y + 60 + offset} 220,{y}", mix(colour, shadow_of(colour), 0.6), 4, opacity=0.32)
            for y in range(-240, 240, 24)
        )
        block = {-38: box(-220, -220, 440, 190), 24: box(-220, -40, 440, 150), 70: box(-220, 20, 440, 220)}[turn]
        lines += move(
            sheet.clipped(block, path(block, shift(colour, {-38: 0.03, 24: 0.0, 70: -0.03}[turn])) + arcs),
            0,
            -186,
            turn=turn,
        )
    shade = sheet.radial([(0, WARM_WHITE, 0.22), (0.5, WARM_WHITE, 0.04), (1, shadow_of(colour), 0.5)])
    end = stroke("M150,-30C220,20 250,-20 290,14S330,52 250,54", mix(colour, shadow_of(colour), 0.15), 9)
    core = oval(-20, -300, 40, 22, shadow_of(colour), opacity=0.35)
    return move(
        shadow(sheet, 170, colour) + form(sheet, ball, colour, shade, details=lines) + core + end, -30, 0, scale=1.05
    )


def scissors(sheet: Sheet) -> str:
    """Draw open scissors from above."""
    colour, steel = sheet.colour(0, "#3a3d3f"), "#c3c8c5"
    blade = "M-20,30L-10,-330Q2,-356 14,-330L26,30Z"
    ring = stroke("M0,60C-6,120 -110,130 -116,220C-118,300 -14,316 2,236C10,180 8,120 8,60", colour, 32)
    gleam = stroke("M-6,74C-18,130 -106,140 -108,214", mix(colour, WARM_WHITE, 0.6), 6, opacity=0.5)

    def half(mirror: bool, turn: float) -> str:
        shade = sheet.linear((-20, 0), (26, 0), [(0, WARM_WHITE, 0.5), (0.5, "#4a5554", 0), (1, "#4a5554", 0.4)])
        part = wall_shadow(blade, dx=18, dy=14, opacity=0.14) + move(
            stroke(
                "M0,60C-6,120 -110,130 -116,220C-118,300 -14,316 2,236C10,180 8,120 8,60", "#3a2a1c", 32, opacity=0.12
            ),
            18,
            16,
        )
        return move(part + ring + gleam + form(sheet, blade, steel, shade), turn=turn, mirror=mirror)

    screw = oval(0, 26, 17, 17, BRASS) + stroke("M-9,20L9,32", "#7c5f2c", 5)
    return move(half(False, 13) + half(True, -13) + screw, 10, 20, turn=24, scale=1.12)
