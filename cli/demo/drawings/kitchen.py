"""Boards, knives, spoons, pans, jars, tins and packets."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
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
    lines = "".join(stroke(f"M-300,{-62 - i * 13}H310", mix(colour, shadow_of(colour), 0.5), 2, opacity=0.3) for i in range(5))
    markup += form(sheet, top, colour, slant_shade(sheet, (-260, -130), (280, -40), colour), details=lines)
    crust = "#b9773c"
    loaf = "M-190,-84C-222,-190 -140,-262 -10,-266C130,-268 196,-196 176,-84C120,-66 -130,-66 -190,-84Z"
    cuts = "".join(
        stroke(f"M{x},-246Q{x + 44},-190 {x + 30},-124", "#ecd2a4", 17) + stroke(f"M{x + 8},-244Q{x + 54},-190 {x + 40},-124", "#7c4a22", 4, opacity=0.5)
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
    veins = "".join(stroke(f"M0,-90Q{x},-20 {x * 0.8:.0f},76", "#a98aa0", 4, opacity=0.35) for x in (-58, -26, 8, 40, 70))
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
    return markup + back + tools + turned(sheet, profile, pot, details=band(-214, -198, 150, mix(pot, WARM_WHITE, 0.55)))


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
    markup = wall_shadow(whole, opacity=0.14) + form(sheet, handle, colour, slant_shade(sheet, (-30, -500), (40, -180), colour))
    markup += oval(0, -462, 9, 19, "#e7dccb") + form(sheet, ring, colour, slant_shade(sheet, (-r, -r), (r, r), colour, strength=1.4))
    inner = f"M{-r + 24},0A{r - 24},{r - 24} 0 1 1 {r - 24},0A{r - 24},{r - 24} 0 1 1 {-r + 24},0Z"
    markup += path(inner, mix(colour, "#101314", 0.25)) + path(inner, face)
    gleam = stroke("M-150,62A164,164 0 0 1 -62,-150", WARM_WHITE, 10, opacity=0.16)
    peg = form(sheet, "M-13,-480a13,13 0 1 1 26,0a13,13 0 1 1 -26,0Z", OAK, slant_shade(sheet, (-13, -493), (13, -467), OAK))
    return move(markup + gleam + peg, 0, 130, scale=1.08)


def jar(sheet: Sheet, *, lid: str = "wood") -> str:
    """Draw a glass jar that shows what is in it, under a wooden lid or a cloth tied over."""
    fill, top = sheet.colour(0, "#c98a3c"), sheet.colour(1, OAK)
    glass = "#dfe6e0"
    h = 400
    profile = [(128, -h), (134, -h + 26), (152, -h + 62), (156, -200), (154, -40), (140, -6), (130, 0)]
    level = -h * 0.66
    details = band(level, 400, 200, fill, opacity=0.94) + oval(0, level, 150, 150 * TILT, mix(fill, WARM_WHITE, 0.3))
    markup = shadow(sheet, 150, mix(fill, glass, 0.4)) + turned(sheet, profile, mix(glass, fill, 0.12), details=details, gloss=1.3, strength=0.7)
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
    details = band(-h * 0.76, -h * 0.16, r, paper) + band(-h * 0.7, -h * 0.685, r, colour) + band(-h * 0.235, -h * 0.22, r, colour)
    markup = shadow(sheet, r, colour) + turned(sheet, [(r, -h), (r, -8), (r - 5, 0)], colour, details=details)
    markup += _sprig_mark(colour, h)
    markup += turned(sheet, [(r + 6, -h - 44), (r + 8, -h - 36), (r + 8, -h + 10), (r + 4, -h + 14)], colour)
    top = mix(shift(colour, 0.05), WARM_WHITE, 0.18)
    return markup + oval(0, -h - 44, r + 6, (r + 6) * TILT, top) + oval(0, -h - 42, r - 14, (r - 14) * TILT, shadow_of(colour), opacity=0.16)


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
    markup = shadow(sheet, 168, colour, depth=44) + form(sheet, body, colour, slant_shade(sheet, (-160, -430), (170, 0), colour))
    markup += path(side, shadow_of(colour), opacity=0.2) + form(sheet, fold, shift(colour, -0.04), slant_shade(sheet, (-150, -500), (150, -420), colour))
    markup += stroke("M-146,-464H148", "#7a5c38", 8) + path(box(-96, -330, 172, 190, 8), PAPER)
    markup += path(box(-96, -330, 172, 190, 8), sheet.linear((-96, 0), (76, 0), [(0, WARM_WHITE, 0.2), (1, "#6b5a40", 0.16)]))
    markup += move(_sprig_mark(heap), -4, -38, scale=1.05)
    chance = sheet.chance
    grains = "".join(
        oval(230 + x, -8 - y, 13, 9, tone)
        for x, y, tone in sorted(
            ((chance.gauss(0, 34), abs(chance.gauss(0, 12)), shift(heap, chance.uniform(-0.03, 0.09))) for _ in range(34)),
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
    scoop = tube("M40,-188L150,-320", 20, OAK) + oval(28, -178, 46, 26, OAK) + oval(24, -182, 34, 17, shadow_of(OAK), opacity=0.3)
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
