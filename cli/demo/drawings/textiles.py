"""Cloth: throws, cushions, towels, aprons, napkins, rugs."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.kitchen import OAK
from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import WARM_WHITE, Sheet, box, form, move, oval, path, slant_shade, stroke, tube

FLAX = "#d9cbb0"


def folds(sheet: Sheet, width: float, top: float, bottom: float, colour: str, *, count: int = 4) -> str:
    """Draw soft upright folds: pairs of shade and light."""
    deep, parts = shadow_of(colour), []
    step = width / count
    for i in range(count):
        x = -width / 2 + step * (i + 0.5) + sheet.chance.uniform(-0.14, 0.14) * step
        half = step * 0.42
        fill = sheet.linear(
            (x - half, 0),
            (x + half, 0),
            [(0, deep, 0.0), (0.4, deep, 0.24), (0.58, WARM_WHITE, 0.26), (1, WARM_WHITE, 0.0)],
        )
        lean = sheet.chance.uniform(-12, 12)
        d = f"M{x - half:.0f},{top}L{x + half:.0f},{top}L{x + half + lean:.0f},{bottom}L{x - half + lean:.0f},{bottom}Z"
        parts.append(path(d, fill))
    return "".join(parts)


def fringe(left: float, right: float, y: float, colour: str, *, length: float = 26, step: float = 13) -> str:
    """Draw a row of knotted ends."""
    count = int((right - left) / step)
    return "".join(
        stroke(
            f"M{left + step * (i + 0.5):.0f},{y}q{(i % 3 - 1) * 3},{length * 0.6:.0f} {(i % 2) * 3},{length}", colour, 6
        )
        for i in range(count)
    )


def throw(sheet: Sheet, *, pattern: str = "stripe") -> str:
    """Draw folded blankets on a stool, the top one hanging over its edge."""
    colour, second = sheet.colour(0, "#8b9d83"), sheet.colour(1, "#efe4cf")
    markup = shadow(sheet, 210, colour, depth=46)
    for x, lean in ((-150, 12), (150, -12)):
        markup += tube(f"M{x},-214L{x - lean},-8", 28, OAK)
    markup += form(sheet, box(-196, -238, 392, 38, 14), OAK, slant_shade(sheet, (-220, -240), (220, -200), OAK))
    under = shift(second, -0.03)
    for i, tone in enumerate((under, colour)):
        y = -238 - 70 * (i + 1)
        layer = box(-180 + i * 4, y, 366 - i * 10, 74, 34)
        edge = stroke(f"M-176,{y + 37}H180", shadow_of(tone), 4, opacity=0.22)
        markup += form(
            sheet, layer, tone, slant_shade(sheet, (-200, y), (210, y + 74), tone, strength=1.2), details=edge
        )
    hang = "M-176,-378Q-186,-420 -150,-424H128Q172,-424 176,-386C184,-300 174,-200 182,-96Q20,-76 -170,-92C-164,-200 -184,-300 -176,-378Z"
    if pattern == "stripe":
        marks = "".join(
            path(box(-260, y, 520, h), second, opacity=0.9) for y, h in ((-200, 12), (-176, 26), (-138, 12))
        )
    elif pattern == "check":
        marks = "".join(path(box(x, -440, 20, 400), second, opacity=0.5) for x in range(-190, 200, 62))
        marks += "".join(path(box(-260, y, 520, 20), second, opacity=0.5) for y in range(-410, -80, 62))
    else:
        marks = "".join(
            stroke(f"M-240,{y}" + "l20,-16l20,16" * 12, second, 5, opacity=0.55) for y in range(-400, -70, 38)
        )
    drop = fringe(-168, 182, -92, mix(colour, second, 0.3))
    body = form(
        sheet,
        hang,
        colour,
        slant_shade(sheet, (-180, -430), (190, -90), colour, strength=1.1),
        details=marks + folds(sheet, 350, -380, -70, colour),
    )
    return move(markup + drop + body, 0, 0, scale=1.22)


def cushion(sheet: Sheet, *, pattern: str = "plain") -> str:
    """Draw a plump square cushion, with another behind it."""
    colour, second = sheet.colour(0, "#c4785a"), sheet.colour(1, "#f0e5d0")

    def pad(tone: str, marks: str) -> str:
        d = "M-210,-420C-110,-400 110,-400 210,-424C226,-420 232,-408 226,-392C204,-290 204,-130 228,-26C230,-8 222,2 206,-2C110,-22 -110,-22 -206,2C-224,4 -232,-8 -228,-24C-206,-130 -206,-290 -226,-396C-230,-414 -222,-422 -210,-420Z"
        deep = shadow_of(tone)
        puff = sheet.radial([(0, WARM_WHITE, 0.3), (0.55, WARM_WHITE, 0.06), (1, deep, 0.34)])
        creases = "".join(
            stroke(c, deep, 7, opacity=0.16)
            for c in (
                "M-204,-396Q-160,-350 -140,-330",
                "M206,-398Q162,-352 146,-326",
                "M-204,-24Q-164,-62 -140,-86",
                "M206,-26Q166,-64 140,-92",
            )
        )
        piping = stroke(d, mix(tone, deep, 0.25), 7)
        return form(sheet, d, tone, puff, details=marks + creases) + piping

    if pattern == "stripe":
        marks = "".join(
            path(box(x, -440, w, 460), second, opacity=0.85) for x in range(-200, 230, 84) for w in (14,)
        ) + "".join(path(box(x + 24, -440, 5, 460), second, opacity=0.85) for x in range(-200, 230, 84))
    elif pattern == "block":
        marks = path("M-260,20V-180Q0,-150 260,-210V20Z", second) + stroke(
            "M-260,-180Q0,-150 260,-210", mix(colour, second, 0.5), 5, dash="9 9"
        )
    else:
        marks = "".join(
            stroke(f"M-240,{y}H240", WARM_WHITE, 2.5, opacity=0.2, dash="14 7") for y in range(-430, 10, 17)
        )
    back = move(pad(mix(second, shadow_of(second), 0.08), ""), 70, -22, turn=7, scale=0.97)
    return shadow(sheet, 225, colour, depth=46) + back + move(pad(colour, marks), -34, 6, turn=-5)


def towel(sheet: Sheet, *, pattern: str = "band", rail: bool = True) -> str:
    """Draw a towel over a wooden rail or a cloth on a peg."""
    colour, second = sheet.colour(0, "#7f9a95"), sheet.colour(1, "#f2e8d6")
    if not rail:
        return _tea_towel(sheet, colour, second, pattern)
    bar = tube("M-300,-330H300", 26, OAK)
    ends = "".join(
        oval(x, -330, 24, 24, OAK) + oval(x - 5, -336, 11, 11, mix(OAK, WARM_WHITE, 0.4)) for x in (-300, 300)
    )
    d = "M-186,-342Q-184,-356 -170,-356H172Q188,-356 188,-340L196,296Q20,312 -196,294Z"
    if pattern == "waffle":
        marks = "".join(stroke(f"M{x},-360V310", shadow_of(colour), 3, opacity=0.14) for x in range(-190, 200, 22))
        marks += "".join(stroke(f"M-210,{y}H210", shadow_of(colour), 3, opacity=0.14) for y in range(-340, 310, 22))
    else:
        marks = "".join(path(box(-220, y, 440, h), second, opacity=0.92) for y, h in ((196, 8), (214, 34), (258, 8)))
    back = path("M150,-340L206,-330L214,220L180,226Z", mix(colour, shadow_of(colour), 0.3))
    body = form(
        sheet,
        d,
        colour,
        slant_shade(sheet, (-190, -350), (200, 300), colour),
        details=marks + folds(sheet, 380, -330, 310, colour),
    )
    ends_drop = fringe(-190, 192, 296, mix(colour, second, 0.35)) if pattern == "band" else ""
    roll = path("M-186,-342Q-184,-356 -170,-356H172Q188,-356 188,-340V-318H-186Z", WARM_WHITE, opacity=0.22)
    cast = wall_shadow("M-300,-343H300V-317H-300Z", opacity=0.12) + wall_shadow(d, opacity=0.12)
    return cast + bar + ends + back + ends_drop + body + roll


def _tea_towel(sheet: Sheet, colour: str, second: str, pattern: str) -> str:
    d = "M0,-330C-30,-300 -70,-250 -118,-120C-150,-30 -166,120 -176,262Q-120,290 -58,270Q4,300 64,272Q124,292 178,258C160,110 150,-20 112,-120C70,-250 34,-300 0,-330Z"
    if pattern == "check":
        marks = "".join(
            stroke(f"M{x * 0.25:.0f},-330Q{x * 0.9:.0f},-60 {x},300", second, 9, opacity=0.6)
            for x in range(-170, 180, 42)
        )
        marks += "".join(stroke(f"M-220,{y}Q0,{y + 26} 220,{y}", second, 9, opacity=0.6) for y in range(-240, 290, 48))
    else:
        marks = "".join(
            stroke(f"M{x * 0.2:.0f},-330Q{x * 0.9:.0f},-60 {x},300", second, w, opacity=0.9)
            for x, w in ((-138, 9), (-112, 18), (-84, 9), (84, 9), (112, 18), (138, 9))
        )
    marks += folds(sheet, 280, -330, 300, colour, count=5)
    body = form(sheet, d, colour, slant_shade(sheet, (-170, -330), (180, 260), colour, strength=1.1), details=marks)
    peg = oval(0, -338, 22, 22, OAK) + oval(-5, -344, 10, 10, mix(OAK, WARM_WHITE, 0.5))
    loop = stroke("M0,-344Q-16,-320 0,-304Q16,-320 0,-344", mix(colour, second, 0.6), 6)
    plank = form(
        sheet,
        box(-290, -372, 580, 66, 8),
        mix(OAK, WARM_WHITE, 0.25),
        slant_shade(sheet, (-290, -372), (290, -306), OAK),
    )
    cast = wall_shadow(box(-290, -372, 580, 66, 8), opacity=0.12) + wall_shadow(d, opacity=0.13)
    return move(cast + plank + body + loop + peg, 0, 20, scale=1.08)


def apron(sheet: Sheet) -> str:
    """Draw a cross-back apron on a peg."""
    colour, second = sheet.colour(0, "#4f6a63"), sheet.colour(1, "#d9a35c")
    d = "M-92,-250H92C100,-150 140,-90 196,-60C206,60 214,190 216,318Q0,344 -216,318C-214,190 -206,60 -196,-60C-140,-90 -100,-150 -92,-250Z"
    strap = stroke(
        "M-84,-244C-60,-350 -20,-380 0,-392C20,-380 60,-350 84,-244", mix(colour, shadow_of(colour), 0.18), 17
    )
    pocket = box(-112, 40, 224, 132, 12)
    stitches = stroke(box(-104, 48, 208, 116, 8), mix(colour, WARM_WHITE, 0.5), 3, dash="9 7", opacity=0.8) + stroke(
        "M0,42V170", mix(colour, WARM_WHITE, 0.5), 3, dash="9 7", opacity=0.8
    )
    pouch = path(pocket, shift(colour, 0.03)) + stroke(pocket, shadow_of(colour), 3, opacity=0.25)
    hem = stroke("M-206,300Q0,324 206,300", mix(colour, WARM_WHITE, 0.5), 3, dash="9 7", opacity=0.7)
    ties = stroke("M-194,-54C-240,20 -226,120 -250,190", mix(colour, shadow_of(colour), 0.1), 13) + stroke(
        "M194,-54C236,20 220,110 246,176", mix(colour, shadow_of(colour), 0.3), 13
    )
    label = path(box(-24, -214, 48, 26, 3), second)
    peg = oval(0, -396, 20, 20, OAK) + oval(-5, -401, 9, 9, mix(OAK, WARM_WHITE, 0.5))
    body = form(
        sheet,
        d,
        colour,
        slant_shade(sheet, (-200, -250), (210, 320), colour),
        details=folds(sheet, 410, -100, 330, colour, count=5) + pouch + stitches + hem,
    )
    return wall_shadow(d, opacity=0.13) + ties + strap + body + label + peg


def napkins(sheet: Sheet) -> str:
    """Draw folded napkins, tied with twine round a sprig, from above."""
    colour, second = sheet.colour(0, FLAX), sheet.colour(1, "#6f8a63")
    markup = ""
    for i, tone in enumerate((shift(colour, -0.06), shift(colour, -0.03), colour)):
        d = box(-190, -255, 380, 510, 10)
        hem = stroke(box(-172, -237, 344, 474, 4), mix(tone, shadow_of(tone), 0.35), 3, dash="10 7", opacity=0.7)
        crease = path(box(-190, -255, 190, 510), WARM_WHITE, opacity=0.12) + stroke(
            "M0,-255V255", shadow_of(tone), 3, opacity=0.25
        )
        cloth = wall_shadow(d, dx=20, dy=18, opacity=0.12) + form(
            sheet, d, tone, slant_shade(sheet, (-190, -255), (190, 255), tone), details=hem + crease
        )
        markup += move(cloth, (2 - i) * 10, (2 - i) * 12, turn=(3.5, -2.5, 0.0)[i])
    twine = (
        stroke("M-192,6Q0,14 192,4", "#b08d57", 9)
        + stroke("M0,10C-50,-50 -92,-10 0,10C52,-52 94,-8 0,10", "#b08d57", 8)
        + stroke("M0,10Q-20,70 -44,96M0,10Q24,64 52,88", "#b08d57", 7)
    )
    return move(markup + move(sprig(sheet, 380, second, leaves=13), -10, 190, turn=14) + twine, turn=-7, scale=1.06)


def rug(sheet: Sheet) -> str:
    """Draw a flat-woven rug from above, one corner turned."""
    colour, second = sheet.colour(0, "#b5654a"), sheet.colour(1, "#efe2c8")
    third = sheet.colour(2, "#3f5a4d")
    d = box(-230, -350, 460, 700, 4)
    rows = []
    for y in range(-350, 350, 140):
        rows.append(path(box(-230, y + 10, 460, 13), third) + path(box(-230, y + 106, 460, 13), third))
        rows.append("".join(path(f"M{x},{y + 65}l38,-30l38,30l-38,30Z", second) for x in range(-224, 230, 93)))
    weave = "".join(stroke(f"M-230,{y}H230", shadow_of(colour), 1.6, opacity=0.12) for y in range(-345, 350, 30))
    ends = move(fringe(-226, 226, 350, second, length=34), 0, 0) + move(
        fringe(-226, 226, 350, second, length=34), 0, 0, turn=180
    )
    body = form(sheet, d, colour, slant_shade(sheet, (-230, -350), (230, 350), colour), details="".join(rows) + weave)
    return move(wall_shadow(d, dx=16, dy=14, opacity=0.14) + ends + body, turn=-5, scale=1.0)
