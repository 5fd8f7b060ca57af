"""Tools, cans and pots for the garden and the window sill."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.kitchen import OAK, grain
from cli.demo.drawings.light import BRASS
from cli.demo.drawings.paint import mix, shadow_of, shift
from cli.demo.drawings.sheet import WARM_WHITE, Sheet, box, form, move, oval, path, slant_shade, stroke, tube
from cli.demo.drawings.turned import TILT, band, mouth, turned


def trowel(sheet: Sheet, *, kind: str = "trowel") -> str:
    """Draw a trowel, a fork, or both, that lie flat."""
    wood, steel = sheet.colour(0, "#a8713f"), sheet.colour(1, "#8f9a98")
    if kind == "set":
        return move(_tool(sheet, wood, steel, "trowel"), -120, 10, turn=-13) + move(
            _tool(sheet, wood, steel, "fork"), 124, 10, turn=12
        )
    herb = move(sprig(sheet, 330, "#7f9468", leaves=11), 226, 300, turn=-12)
    return herb + move(_tool(sheet, wood, steel, kind), -20, 0, turn=16, scale=1.12)


def _tool(sheet: Sheet, wood: str, steel: str, kind: str) -> str:
    if kind == "fork":
        head = "M-74,-130Q-84,-190 -78,-350Q-72,-366 -64,-350L-52,-196Q-30,-180 -12,-196L-7,-370Q0,-386 7,-370L12,-196Q30,-180 52,-196L64,-350Q72,-366 78,-350Q84,-190 74,-130Q40,-96 14,-92H-14Q-40,-96 -74,-130Z"
        details = stroke("M0,-100V-180", shadow_of(steel), 6, opacity=0.3)
    else:
        head = (
            "M-14,-92C-60,-96 -92,-120 -90,-190C-88,-280 -50,-350 0,-390C50,-350 88,-280 90,-190C92,-120 60,-96 14,-92Z"
        )
        details = path(
            "M0,-390C50,-350 88,-280 90,-190C92,-120 60,-96 0,-92Z", shadow_of(steel), opacity=0.24
        ) + stroke("M-54,-190C-52,-250 -30,-300 -8,-330", WARM_WHITE, 9, opacity=0.45)
    handle = "M-22,44Q-30,20 -16,14H16Q30,20 22,44L30,170Q44,250 30,300Q20,320 0,320T-30,300Q-44,250 -30,170Z"
    collar = form(sheet, box(-19, -24, 38, 46, 6), BRASS, slant_shade(sheet, (-19, 0), (19, 0), BRASS))
    neck = tube("M0,-96V-20", 22, steel)
    shade = slant_shade(sheet, (-90, -380), (90, -90), steel, strength=1.3)
    body = form(
        sheet,
        handle,
        wood,
        slant_shade(sheet, (-34, 20), (40, 320), wood, strength=1.2),
        details=grain(sheet, -40, 10, 80, 320, wood, 5),
    )
    strap = stroke("M0,296C-40,380 -70,390 -60,420S0,410 4,300", "#6d4a2d", 6)
    return (
        wall_shadow(head, dx=18, dy=14, opacity=0.14)
        + wall_shadow(handle, dx=20, dy=14, opacity=0.15)
        + strap
        + neck
        + form(sheet, head, steel, shade, details=details)
        + body
        + collar
        + oval(0, 298, 6, 6, shadow_of(wood))
    )


def watering_can(sheet: Sheet) -> str:
    """Draw a long-spouted watering can."""
    colour, rose = sheet.colour(0, "#5d7f74"), sheet.colour(1, BRASS)
    spout = "M-110,-60C-190,-110 -220,-250 -286,-372L-250,-388C-200,-290 -160,-190 -110,-170Z"
    handle = "M30,-300C40,-470 260,-400 226,-180C214,-110 190,-80 150,-66"
    body = turned(
        sheet,
        [(118, -300), (122, -290), (150, -60), (154, -14), (150, 0)],
        colour,
        details=band(-282, -272, 160, shadow_of(colour), opacity=0.2)
        + band(-46, -34, 160, shadow_of(colour), opacity=0.2),
    )
    top = oval(0, -300, 118, 118 * TILT, mix(colour, WARM_WHITE, 0.25)) + sheet.clipped(
        "M-118,-322H118V-280H-118Z", oval(14, -299, 92, 92 * TILT - 3, mix(colour, shadow_of(colour), 0.6))
    )
    head = move(
        form(sheet, "M-30,0L-46,-58H46L30,0Z", rose, slant_shade(sheet, (-40, -60), (40, 0), rose, strength=1.3))
        + oval(0, -58, 46, 13, mix(rose, WARM_WHITE, 0.4))
        + "".join(
            oval(x, -58 + y, 4, 2.4, shadow_of(rose), opacity=0.6)
            for x, y in ((-24, 0), (-8, -4), (8, -4), (24, 0), (0, 4), (-15, 4), (15, 4))
        ),
        -272,
        -376,
        turn=-28,
    )
    curved = form(
        sheet,
        spout,
        colour,
        sheet.linear(
            (-260, -300), (-150, -120), [(0, WARM_WHITE, 0.3), (0.5, shadow_of(colour), 0), (1, shadow_of(colour), 0.4)]
        ),
    )
    return move(shadow(sheet, 160, colour) + curved + head + tube(handle, 24, colour) + body + top, 40, 0, scale=1.1)


def pot(sheet: Sheet, *, plant: str = "herb") -> str:
    """Draw a flower pot on its saucer with something growing in it."""
    colour, leaf = sheet.colour(0, "#c0714c"), sheet.colour(1, "#5f8259")
    saucer = turned(sheet, [(176, -34), (172, -22), (140, 0)], shift(colour, -0.03), tilt=0.14)
    body = turned(sheet, [(166, -250), (158, -190), (128, -30), (122, -14)], colour)
    rim = turned(sheet, [(182, -306), (184, -300), (178, -236), (174, -232)], colour)
    rim += mouth(sheet, 182, -306, colour, wall=13) + oval(0, -296, 158, 158 * TILT - 2, "#4a3526")
    if plant == "trailing":
        stems = ""
        for x, reach, drop in ((-150, -96, 190), (-96, -60, 110), (104, 66, 130), (152, 100, 230)):
            d = f"M{x * 0.5:.0f},-300C{x:.0f},-400 {x + reach * 0.8:.0f},-330 {x + reach:.0f},{-300 + drop}"
            stems += stroke(d, shift(leaf, -0.06), 6)
            for t in (0.25, 0.4, 0.55, 0.7, 0.85, 1.0):
                u = 1 - t
                px = u**3 * x * 0.5 + 3 * u * u * t * x + 3 * u * t * t * (x + reach * 0.8) + t**3 * (x + reach)
                py = u**3 * -300 + 3 * u * u * t * -400 + 3 * u * t * t * -330 + t**3 * (-300 + drop)
                for turn in (-62, 62):
                    stems += move(
                        path(
                            "M0,0C18,-12 20,-34 0,-50C-20,-34 -18,-12 0,0Z",
                            shift(leaf, sheet.chance.uniform(-0.05, 0.07)),
                        ),
                        px,
                        py,
                        turn=turn + reach * 0.9,
                    )
        middle = "".join(move(sprig(sheet, 210, leaf, leaves=9, size=1.2), x, -296, turn=x * 0.4) for x in (-70, 0, 64))
        growth = middle + stems
    else:
        growth = "".join(
            move(sprig(sheet, length, shift(leaf, tone), leaves=11, size=1.15), x, -292, turn=x * 0.3)
            for x, length, tone in (
                (-104, 250, -0.04),
                (98, 270, -0.03),
                (-48, 330, 0.02),
                (52, 310, 0.03),
                (0, 370, 0.0),
            )
        )
    return move(shadow(sheet, 166, colour) + saucer + body + rim + growth, 0, 0, scale=1.0)


def seed_tray(sheet: Sheet) -> str:
    """Draw a wooden tray of seedlings."""
    wood, leaf = sheet.colour(0, OAK), sheet.colour(1, "#6f9160")
    markup = shadow(sheet, 290, wood, depth=50)
    soil = path("M-270,-150L-236,-206H244L284,-150Z", "#4a3526")
    back = path("M-248,-236H256L250,-200H-240Z", mix(wood, shadow_of(wood), 0.4))
    seedlings = ""
    for row, (y, size) in enumerate(((-196, 0.8), (-166, 1.0))):
        for i in range(6):
            x = -210 + i * 86 + row * 10
            tone = shift(leaf, sheet.chance.uniform(-0.05, 0.05))
            pair = "".join(
                move(path("M0,0C22,-10 26,-36 4,-58C-18,-36 -16,-12 0,0Z", tone), 0, -58, turn=turn)
                for turn in (-52, 52, sheet.chance.uniform(-8, 8))
            )
            seedlings += move(
                stroke("M0,0V-60", shift(leaf, -0.06), 7) + pair, x, y, scale=size * sheet.chance.uniform(0.9, 1.15)
            )
    front = form(
        sheet,
        box(-290, -152, 590, 130, 8),
        wood,
        slant_shade(sheet, (-290, -150), (300, -20), wood),
        details=move(grain(sheet, -70, -300, 140, 600, wood, 6), 0, -86, turn=90),
    )
    feet = "".join(path(box(x, -24, 60, 24, 4), mix(wood, shadow_of(wood), 0.4)) for x in (-270, 220))
    return markup + feet + back + soil + seedlings + front


def secateurs(sheet: Sheet) -> str:
    """Draw secateurs from above, sprung open."""
    colour, steel = sheet.colour(0, "#b5523a"), "#b9bfbc"
    right = "M10,-20C60,40 70,160 50,300Q44,330 18,326Q0,320 6,290C20,180 6,90 -26,30Z"
    left = "M-10,-20C-70,40 -110,150 -116,280Q-114,312 -88,310Q-70,306 -70,280C-64,180 -30,90 26,34Z"
    blade = "M-30,10C-54,-80 -40,-190 30,-268C60,-200 62,-90 34,20Z"
    hook = "M30,10C90,-40 110,-120 84,-214C74,-226 66,-220 66,-208C70,-130 40,-60 -14,-14Z"
    shade = slant_shade(sheet, (-40, -260), (60, 20), steel, strength=1.4)
    markup = "".join(wall_shadow(d, dx=18, dy=14, opacity=0.13) for d in (right, left, blade))
    markup += form(sheet, hook, mix(steel, "#3a3f40", 0.45), slant_shade(sheet, (0, -200), (100, 0), steel)) + form(
        sheet, blade, steel, shade, details=stroke("M-20,-40C-30,-120 -14,-190 26,-250", WARM_WHITE, 8, opacity=0.6)
    )
    markup += form(sheet, left, colour, slant_shade(sheet, (-110, 0), (0, 300), colour, strength=1.2)) + form(
        sheet, right, colour, slant_shade(sheet, (0, 0), (70, 300), colour, strength=1.2)
    )
    stems = move(sprig(sheet, 380, "#7f9468", leaves=11), 240, 260, turn=-8)
    return move(stems, 0, 0) + move(
        markup + oval(6, 4, 26, 26, BRASS) + oval(6, 4, 11, 11, "#7c5f2c"), -60, -10, turn=14, scale=1.2
    )
