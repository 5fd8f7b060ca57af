"""Baskets, stools, hooks, mirrors, umbrellas and other things for the hall."""

from cli.demo.drawings.ground import shadow, wall_shadow
from cli.demo.drawings.kitchen import OAK, grain
from cli.demo.drawings.light import BRASS
from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import (
    WARM_WHITE,
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
from cli.demo.drawings.turned import TILT, mouth, outline, turned


def basket(sheet: Sheet, *, style: str = "round") -> str:
    """Draw a willow basket with a hoop handle, or a tall one with two ears."""
    colour, second = sheet.colour(0, "#b98a55"), sheet.colour(1, "#8f9d7c")
    if style == "tall":
        profile, h, reach = [(176, -430), (192, -300), (188, -120), (168, -10), (160, 0)], 430, 200
    else:
        profile, h, reach = [(236, -250), (230, -170), (196, -40), (180, 0)], 250, 245
    weave = ""
    for row, y in enumerate(range(-h - 30, 60, 25)):
        for i in range(-13, 14):
            x = i * 34 + (17 if row % 2 else 0)
            sag = y + TILT * 0.9 * (reach**2 - min(abs(x), reach) ** 2) ** 0.5
            weave += oval(x, sag, 19, 11, mix(colour, shadow_of(colour), 0.45)) + oval(
                x - 1, sag - 2, 16.5, 8.5, shift(colour, 0.045 if (i + row) % 3 else -0.01)
            )
    r = profile[0][0]
    markup = shadow(sheet, r * 0.95, colour)
    back = mouth(sheet, r, -h, colour, wall=14)
    if style == "tall":
        ears = "".join(
            move(
                tube(f"M{-r + 4},{-h + 30}C{-r - 56},{-h - 20} {-r - 40},{-h - 90} {-r + 34},{-h + 2}", 17, colour),
                mirror=m,
            )
            for m in (False, True)
        )
        cloth = "M-150,-432C-140,-500 -60,-486 -20,-520C30,-490 120,-520 146,-430C60,-404 -60,-404 -150,-432Z"
        soft = form(sheet, cloth, second, slant_shade(sheet, (-140, -510), (140, -420), second, strength=1.2))
        top = ears + back + soft
    else:
        top = tube(f"M{-r + 8},{-h}C{-r + 20},{-h - 320} {r - 20},{-h - 320} {r - 8},{-h}", 22, colour) + back
        top += "".join(
            _round_thing(sheet, x, -h - 6 - lift, size, tone)
            for x, lift, size, tone in (
                (-104, 6, 66, second),
                (96, 4, 70, shift(second, 0.05)),
                (-4, 22, 76, "#cf8a4e"),
            )
        )
    rim_front = stroke(f"M{-r},{-h}A{r},{r * TILT:.1f} 0 0 0 {r},{-h}", colour, 22) + stroke(
        f"M{-r},{-h - 3}A{r},{r * TILT:.1f} 0 0 0 {r},{-h - 3}", mix(colour, WARM_WHITE, 0.35), 6, opacity=0.6
    )
    front = outline(profile).rsplit("A", 1)[0] + f"A{r},{r * TILT:.1f} 0 0 0 {r},{-h}Z"
    body = form(sheet, front, mix(colour, shadow_of(colour), 0.5), round_shade(sheet, reach, colour), details=weave)
    return move(markup + top + body + rim_front, 0, 0, scale=1.02)


def _round_thing(sheet: Sheet, x: float, y: float, size: float, tone: str) -> str:
    ball = f"M{x - size},{y}A{size},{size} 0 1 1 {x + size},{y}A{size},{size} 0 1 1 {x - size},{y}Z"
    return form(sheet, ball, tone, slant_shade(sheet, (x - size, y - size), (x + size, y + size), tone, strength=1.4))


def stool(sheet: Sheet) -> str:
    """Draw a three-legged stool."""
    colour = sheet.colour(0, OAK)
    seat_colour = sheet.colour(1, colour)
    markup = shadow(sheet, 190, colour, depth=44)
    rear = tube("M10,-350L24,-70", 30, mix(colour, shadow_of(colour), 0.3))
    legs = tube("M-120,-356L-184,-6", 34, colour) + tube("M126,-356L192,-14", 34, colour)
    rung = tube("M-150,-166L164,-170", 20, mix(colour, shadow_of(colour), 0.15))
    seat = turned(sheet, [(224, -404), (226, -396), (222, -362), (210, -352)], seat_colour)
    top = f"M-224,-404A224,{224 * TILT:.1f} 0 1 1 224,-404A224,{224 * TILT:.1f} 0 1 1 -224,-404Z"
    rings = "".join(
        stroke(f"M-260,{y}Q0,{y + 14} 260,{y - 4}", mix(seat_colour, shadow_of(seat_colour), 0.5), 2.4, opacity=0.24)
        for y in range(-440, -362, 9)
    )
    face = form(
        sheet, top, shift(seat_colour, 0.04), slant_shade(sheet, (-220, -440), (220, -370), seat_colour), details=rings
    )
    return move(markup + rear + rung + legs + seat + face, 0, 0, scale=1.1)


def hooks(sheet: Sheet) -> str:
    """Draw a peg rail with a tote bag on it."""
    colour, cloth = sheet.colour(0, OAK), sheet.colour(1, "#e8dcc4")
    plank = box(-320, -250, 640, 92, 12)
    markup = wall_shadow(plank, opacity=0.15) + form(
        sheet,
        plank,
        colour,
        slant_shade(sheet, (-320, -250), (320, -160), colour),
        details=move(grain(sheet, -46, -330, 92, 660, colour, 6), 0, -204, turn=90),
    )
    bag = "M-128,60L-142,380Q-142,396 -126,396H130Q146,396 146,380L132,60Z"
    straps = stroke("M-70,64C-64,-110 -30,-190 0,-200C30,-190 64,-110 70,64", mix(cloth, shadow_of(cloth), 0.2), 18)
    creases = stroke("M-60,80Q-80,220 -66,390M54,80Q84,220 62,390", shadow_of(cloth), 9, opacity=0.1) + stroke(
        "M-134,92H138", mix(cloth, shadow_of(cloth), 0.4), 3, dash="9 7"
    )
    mark = move(path("M0,0C40,-26 40,-86 0,-118C-40,-86 -40,-26 0,0Z", "#5f7f5c"), 0, 290) + stroke(
        "M0,330V206", "#4a6648", 6
    )
    tote = wall_shadow(bag, opacity=0.12) + form(
        sheet, bag, cloth, slant_shade(sheet, (-140, 60), (150, 396), cloth, strength=1.1), details=creases + mark
    )
    pegs = "".join(
        oval(x + 14, -188, 26, 26, "#3a2a1c", opacity=0.18)
        + oval(x, -204, 27, 27, mix(colour, shadow_of(colour), 0.3))
        + oval(x - 2, -206, 24, 24, shift(colour, 0.05))
        + oval(x - 8, -212, 9, 9, WARM_WHITE, opacity=0.4)
        for x in (-240, -80, 80, 240)
    )
    return markup + move(straps + tote, 80, -4) + pegs


def mirror(sheet: Sheet, *, shape: str = "round") -> str:
    """Draw a wall mirror, round or arched, in a wooden or metal frame."""
    colour = sheet.colour(0, BRASS)
    if shape == "round":
        frame, glass = (
            "M-256,0A256,256 0 1 1 256,0A256,256 0 1 1 -256,0Z",
            "M-230,0A230,230 0 1 1 230,0A230,230 0 1 1 -230,0Z",
        )
    else:
        frame, glass = "M-210,340V-120A210,210 0 0 1 210,-120V340Z", "M-186,316V-120A186,186 0 0 1 186,-120V316Z"
    sky = sheet.linear((-200, -260), (200, 300), [(0, "#f2f3ee", 1), (0.5, "#d3dcd8", 1), (1, "#aebbb7", 1)])
    gleams = "".join(
        path(f"M{x},-400L{x + w},-400L{x + w - 420},500L{x - 420},500Z", "#ffffff", opacity=0.32)
        for x, w in ((150, 90), (290, 34))
    )
    edge = stroke(glass, shadow_of(colour), 5, opacity=0.35)
    strap = stroke("M-6,-250V-318", "#7a5636", 15) + oval(-6, -324, 15, 15, BRASS) if shape == "round" else ""
    return move(
        wall_shadow(frame, opacity=0.16)
        + strap
        + form(sheet, frame, colour, slant_shade(sheet, (-250, -250), (250, 250), colour, strength=1.4))
        + path(glass, sky)
        + sheet.clipped(glass, gleams)
        + edge,
        0,
        20,
    )


def umbrella(sheet: Sheet) -> str:
    """Draw a rolled umbrella with a bent wooden handle that leans on the wall."""
    colour, wood = sheet.colour(0, "#2f5044"), sheet.colour(1, "#a8713f")
    cloth = (
        "M-14,-470C-54,-420 -62,-330 -54,-240C-44,-150 -20,-60 -7,-12H7C22,-60 46,-150 56,-240C64,-330 54,-420 14,-470Z"
    )
    pleats = "".join(
        stroke(
            f"M{x * 0.3:.0f},-468C{x * 1.1:.0f},-380 {x * 1.2:.0f},-220 {x * 0.12:.0f},-16",
            shadow_of(colour),
            5,
            opacity=0.34,
        )
        for x in (-40, -14, 14, 40)
    )
    gleam = stroke("M-30,-420C-48,-330 -40,-220 -16,-90", WARM_WHITE, 11, opacity=0.22)
    handle = tube("M0,-466V-600C0,-690 116,-690 112,-600C112,-584 110,-578 108,-568", 25, wood)
    collar = (
        path(box(-16, -486, 32, 24, 4), BRASS)
        + stroke("M-56,-300Q0,-282 58,-302", mix(colour, shadow_of(colour), 0.4), 17)
        + oval(10, -292, 8, 8, BRASS)
    )
    tip = path("M-6,-16L0,34L6,-16Z", BRASS)
    body = form(
        sheet, cloth, colour, slant_shade(sheet, (-60, -400), (60, -100), colour, strength=1.4), details=pleats + gleam
    )
    cast = move(path(cloth, "#3a2a1c", opacity=0.1), 50, 14) + move(path(cloth, "#3a2a1c", opacity=0.07), 74, 20)
    whole = move(cast + tip + handle + body + collar, 0, 0, turn=9)
    return move(shadow(sheet, 70, colour, depth=20) + whole, -50, 10, scale=1.08)


def bag(sheet: Sheet) -> str:
    """Draw a market bag in waxed cotton."""
    colour, strap = sheet.colour(0, "#7d8a5c"), sheet.colour(1, "#8a5a34")
    d = "M-206,-330L-236,-24Q-236,0 -210,0H210Q238,0 236,-24L206,-330Q0,-306 -206,-330Z"
    rear = stroke("M-110,-322C-100,-560 100,-560 110,-322", mix(strap, shadow_of(strap), 0.4), 20)
    front = stroke("M-120,-250C-120,-600 120,-600 120,-250", strap, 24) + stroke(
        "M-126,-250C-126,-596 110,-596 114,-260", mix(strap, WARM_WHITE, 0.4), 4, opacity=0.6
    )
    patches = "".join(
        path(box(x - 24, -266, 48, 74, 6), strap)
        + stroke(box(x - 17, -259, 34, 60, 4), mix(strap, WARM_WHITE, 0.6), 2.6, dash="6 5")
        for x in (-120, 120)
    )
    seam = stroke("M-216,-190Q0,-168 216,-190", shadow_of(colour), 4, opacity=0.3) + stroke(
        "M-216,-182Q0,-160 216,-182", mix(colour, WARM_WHITE, 0.5), 2.6, dash="8 7", opacity=0.7
    )
    base = path("M-226,-96Q0,-78 226,-96L240,10H-240Z", mix(colour, shadow_of(colour), 0.3))
    inside = path("M-206,-330Q0,-360 206,-330Q0,-304 -206,-330Z", mix(colour, shadow_of(colour), 0.65))
    return (
        shadow(sheet, 230, colour, depth=46)
        + rear
        + inside
        + form(sheet, d, colour, slant_shade(sheet, (-220, -330), (240, 0), colour, strength=1.2), details=seam + base)
        + patches
        + front
    )


def tray(sheet: Sheet) -> str:
    """Draw an oval tray leaning on the wall."""
    colour, inner = sheet.colour(0, "#3f6155"), sheet.colour(1, "#e6c98f")
    outer = "M-290,-236A290,236 0 1 1 290,-236A290,236 0 1 1 -290,-236Z"
    well = "M-252,-236A252,198 0 1 1 252,-236A252,198 0 1 1 -252,-236Z"
    edge = move(path(outer, mix(colour, shadow_of(colour), 0.6)), 12, 5)
    line_ = f'<ellipse cx="0" cy="-236" rx="222" ry="170" fill="none" stroke="{inner}" stroke-width="6"/>'
    motif = "".join(
        move(path("M0,0C26,-20 26,-62 0,-86C-26,-62 -26,-20 0,0Z", inner), 0, -236, turn=turn)
        for turn in range(0, 360, 45)
    )
    shade = sheet.linear(
        (-200, -420), (220, -60), [(0, shadow_of(colour), 0.4), (0.5, shadow_of(colour), 0.0), (1, WARM_WHITE, 0.22)]
    )
    face = (
        form(sheet, outer, colour, slant_shade(sheet, (-290, -450), (290, -10), colour, strength=1.4))
        + path(well, shift(colour, -0.02))
        + path(well, shade)
    )
    return shadow(sheet, 210, colour, depth=40) + edge + face + line_ + motif + oval(0, -236, 24, 24, colour)
