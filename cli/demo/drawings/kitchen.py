"""Boards, knives, spoons and pans."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import (
    WARM_WHITE,
    Sheet,
    box,
    form,
    move,
    oval,
    path,
    slant_shade,
    stroke,
    tube,
)
from cli.demo.drawings.turned import band, mouth, turned

OAK = "#c29561"


def grain(sheet: Sheet, left: float, top: float, width: float, height: float, colour: str, lines: int = 9) -> str:
    """Draw wood grain that runs downwards: long lines that drift, and an eye they bend round."""
    chance, dark = sheet.chance, mix(colour, shadow_of(colour), 0.5)
    eye = (left + width * chance.uniform(0.3, 0.7), top + height * chance.uniform(0.35, 0.65))
    parts = []
    for i in range(lines):
        x = left + width * (i + chance.uniform(0.2, 0.8)) / lines
        push = 26 * max(0.0, 1 - abs(x - eye[0]) / (width * 0.35)) * (1 if x > eye[0] else -1)
        d = (
            f"M{x:.0f},{top - 10:.0f}C{x + chance.uniform(-8, 8):.0f},{eye[1] - height * 0.3:.0f} {x + push:.0f},"
            f"{eye[1] - 70:.0f} {x + push:.0f},{eye[1]:.0f}S{x + chance.uniform(-8, 8):.0f},{eye[1] + height * 0.3:.0f}"
            f" {x:.0f},{top + height + 10:.0f}"
        )
        parts.append(stroke(d, dark, chance.choice((1.6, 2.4, 3.6)), opacity=chance.uniform(0.14, 0.34)))
    return "".join(parts) + oval(*eye, 5, 13, dark, opacity=0.3)


def board(sheet: Sheet, *, round_end: bool = False, loaf: bool = False) -> str:
    """Draw a wooden board that leans on the wall, or lies with a loaf on it."""
    colour = sheet.colour(0, OAK)
    if loaf:
        return _loaf_on_board(sheet, colour)
    if round_end:
        d = "M-46,-640Q-46,-668 0,-668Q46,-668 46,-640L50,-510C190,-490 226,-380 226,-270C226,-110 120,0 0,0S-226,-110 -226,-270C-226,-380 -190,-490 -50,-510Z"
        hole = oval(0, -626, 15, 15, mix(colour, "#2a1a0e", 0.72))
    else:
        d = "M-200,-24V-500Q-200,-530 -168,-530H-66Q-44,-532 -44,-556V-640Q-44,-672 0,-672T44,-640V-556Q44,-532 66,-530H168Q200,-530 200,-500V-24Q200,0 174,0H-174Q-200,0 -200,-24Z"
        hole = oval(0, -628, 14, 14, mix(colour, "#2a1a0e", 0.72))
    shade = slant_shade(sheet, (-220, -640), (240, 0), colour)
    side = move(path(d, mix(colour, shadow_of(colour), 0.55)), 13, 3)
    face = form(sheet, d, colour, shade, details=grain(sheet, -230, -680, 460, 690, colour, 13)) + hole
    loop = stroke("M0,-632C-26,-700 24,-716 2,-634", "#7a5636", 6)
    cast = move(path(d, "#3a2a1c", opacity=0.09), 46, 8) + move(path(d, "#3a2a1c", opacity=0.07), 72, 14)
    return shadow(sheet, 205, colour, depth=34) + move(cast + side + face + loop, 0, 0)


def _loaf_on_board(sheet: Sheet, colour: str) -> str:
    top = "M-290,-58L-232,-128H262L300,-58Q304,-50 294,-50H-284Q-294,-50 -290,-58Z"
    edge = "M-291,-56Q-292,-14 -280,-12H288Q302,-14 301,-56Z"
    markup = shadow(sheet, 292, colour, depth=46)
    markup += form(sheet, edge, mix(colour, shadow_of(colour), 0.35), slant_shade(sheet, (-290, 0), (300, 0), colour))
    lines = "".join(
        stroke(f"M-300,{-62 - i * 13}H310", mix(colour, shadow_of(colour), 0.5), 2, opacity=0.3) for i in range(5)
    )
    markup += form(sheet, top, colour, slant_shade(sheet, (-260, -130), (280, -40), colour), details=lines)
    crust = "#b9773c"
    loaf = "M-190,-84C-222,-190 -140,-262 -10,-266C130,-268 196,-196 176,-84C120,-66 -130,-66 -190,-84Z"
    cuts = "".join(
        stroke(f"M{x},-246Q{x + 44},-190 {x + 30},-124", "#ecd2a4", 17)
        + stroke(f"M{x + 8},-244Q{x + 54},-190 {x + 40},-124", "#7c4a22", 4, opacity=0.5)
        for x in (-118, -34, 50)
    )
    shade = sheet.linear((-120, -270), (120, -60), [(0, WARM_WHITE, 0.35), (0.45, "#000000", 0), (1, "#4a2410", 0.5)])
    markup += oval(6, -80, 205, 18, "#3a2413", opacity=0.35) + form(sheet, loaf, crust, shade, details=cuts)
    return move(markup, 0, 0, scale=1.02)


def knife(sheet: Sheet, *, kind: str = "chef") -> str:
    """Draw a kitchen knife that lies flat, its blade up and its handle in wood."""
    colour = sheet.colour(0, "#6d4630")
    steel = "#c9cdca"
    blades = {
        "chef": "M-34,60V-130C-34,-300 6,-420 40,-452C52,-300 50,-80 50,60Z",
        "bread": "M-30,60V-410Q-30,-440 4,-440Q30,-434 34,-400V60Z",
        "paring": "M-20,60V-60C-20,-150 4,-214 26,-238C36,-160 34,-20 34,60Z",
    }
    blade = blades[kind]
    handle = "M-26,72Q-30,60 -18,60H34Q46,60 46,74L42,200C42,262 58,300 54,330Q46,356 14,352Q-22,348 -24,316C-26,280 -16,240 -20,200Z"
    grind = "M8,60V-440L70,-460V60Z" if kind != "bread" else "M14,60V-450H50V60Z"
    details = path(grind, WARM_WHITE, opacity=0.45)
    if kind == "bread":
        details += "".join(path(f"M36,{y}a11,11 0 0 0 0,20Z", "#9a9f9b", opacity=0.9) for y in range(-390, 40, 22))
    shade = sheet.linear((-40, -400), (60, 60), [(0, WARM_WHITE, 0.35), (0.5, "#4a5554", 0), (1, "#4a5554", 0.35)])
    rivets = "".join(oval(14, y, 8, 8, "#d7b46a") + oval(12, y - 2, 3, 3, "#f3e0ae") for y in (112, 196, 282))
    wood = grain(sheet, -30, 50, 90, 310, colour, 5)
    markup = wall_shadow(blade, dx=20, dy=16, opacity=0.13) + wall_shadow(handle, dx=24, dy=18, opacity=0.16)
    markup += form(sheet, blade, steel, shade, details=details)
    markup += form(sheet, handle, colour, slant_shade(sheet, (-30, 60), (60, 340), colour), details=wood) + rivets
    size = 1.18 if kind == "paring" else 1.04
    extra = ""
    if kind == "paring":
        extra = move(sprig(sheet, 300, "#7f9468", leaves=11), -190, 220, turn=-16)
    elif kind == "chef":
        extra = move(_garlic(sheet), -220, 170)
    return extra + move(markup, 40, 40 if kind != "paring" else -10, turn=17, scale=size)


def _garlic(sheet: Sheet) -> str:
    bulb = "M0,-104C10,-70 84,-58 84,14C84,62 44,80 0,80S-84,62 -84,14C-84,-58 -10,-70 0,-104Z"
    veins = "".join(
        stroke(f"M0,-90Q{x},-20 {x * 0.8:.0f},76", "#a98aa0", 4, opacity=0.35) for x in (-58, -26, 8, 40, 70)
    )
    shade = slant_shade(sheet, (-80, -90), (80, 80), "#cbb8b0", strength=1.3)
    return wall_shadow(bulb, dx=22, dy=16, opacity=0.14) + form(sheet, bulb, "#efe6da", shade, details=veins)


def spoons(sheet: Sheet) -> str:
    """Draw wooden spoons that stand in a stoneware pot."""
    pot, wood = sheet.colour(0, "#8fa08c"), sheet.colour(1, OAK)
    tones = (wood, shift(wood, -0.08), shift(wood, 0.05))
    heads = (
        (-18, -92, "M-44,-60C-50,-120 50,-120 44,-60C40,-6 14,0 0,6C-14,0 -40,-6 -44,-60Z"),
        (-3, -10, "M-46,-128Q-46,-136 -38,-136H38Q46,-136 46,-128L36,-10Q30,6 0,6T-36,-10Z"),
        (15, 84, "M-38,-74C-40,-140 40,-140 38,-74C34,-14 12,0 0,6C-12,0 -34,-14 -38,-74Z"),
    )
    markup = shadow(sheet, 142, pot)
    back = mouth(sheet, 138, -270, pot, wall=10)
    tools = ""
    for i, (turn, x, head) in enumerate(heads):
        tone = tones[i]
        stick = tube("M0,40V-250", 23, tone)
        shape = form(sheet, head, tone, slant_shade(sheet, (-44, -130), (44, 6), tone, strength=1.2))
        dip = oval(0, -66, 25, 42, shadow_of(tone), opacity=0.2) if i != 1 else _slots(tone)
        tools += move(stick + move(shape + dip, 0, -246), x * 0.62, -250, turn=turn)
    profile = [(138, -270), (142, -190), (140, -60), (128, -10), (120, 0)]
    return (
        markup + back + tools + turned(sheet, profile, pot, details=band(-214, -198, 150, mix(pot, WARM_WHITE, 0.55)))
    )


def _slots(tone: str) -> str:
    """Draw the three slots of a spatula."""
    return "".join(path(box(x - 4, -112, 8, 70, 4), shadow_of(tone), opacity=0.45) for x in (-20, 0, 20))


def casserole(sheet: Sheet) -> str:
    """Draw a lidded pot with two ears."""
    colour, knob = sheet.colour(0, "#b4553a"), sheet.colour(1, "#c9a25c")
    markup = shadow(sheet, 236, colour, depth=56)
    for side in (False, True):
        markup += move(tube("M214,-196C300,-214 300,-142 222,-138", 28, colour), mirror=side)
    markup += turned(sheet, [(232, -250), (234, -150), (228, -50), (196, -6), (180, 0)], colour)
    markup += turned(sheet, [(226, -286), (242, -272), (242, -250)], shift(colour, -0.03))
    lid = [(30, -344), (130, -330), (206, -302), (228, -282), (228, -278)]
    markup += turned(sheet, lid, colour) + turned(sheet, [(34, -398), (40, -384), (20, -364), (24, -342)], knob)
    return move(markup, 0, 0, scale=1.06)


def skillet(sheet: Sheet) -> str:
    """Draw an iron pan with a long handle that hangs on the wall."""
    colour = sheet.colour(0, "#3b3f42")
    r = 222
    handle = "M-30,-180L-20,-470Q-18,-506 0,-506T20,-470L30,-180Z"
    ring = f"M{-r},0A{r},{r} 0 1 1 {r},0A{r},{r} 0 1 1 {-r},0Z"
    whole = ring + handle
    face = sheet.linear((-170, -170), (170, 170), [(0, "#101314", 0.55), (0.5, "#101314", 0.12), (1, WARM_WHITE, 0.16)])
    markup = wall_shadow(whole, opacity=0.14) + form(
        sheet, handle, colour, slant_shade(sheet, (-30, -500), (40, -180), colour)
    )
    markup += oval(0, -462, 9, 19, "#e7dccb") + form(
        sheet, ring, colour, slant_shade(sheet, (-r, -r), (r, r), colour, strength=1.4)
    )
    inner = f"M{-r + 24},0A{r - 24},{r - 24} 0 1 1 {r - 24},0A{r - 24},{r - 24} 0 1 1 {-r + 24},0Z"
    markup += path(inner, mix(colour, "#101314", 0.25)) + path(inner, face)
    gleam = stroke("M-150,62A164,164 0 0 1 -62,-150", WARM_WHITE, 10, opacity=0.16)
    peg = form(
        sheet, "M-13,-480a13,13 0 1 1 26,0a13,13 0 1 1 -26,0Z", OAK, slant_shade(sheet, (-13, -493), (13, -467), OAK)
    )
    return move(markup + gleam + peg, 0, 130, scale=1.08)
