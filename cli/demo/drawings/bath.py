"""Soap, brushes, bottles and bath things."""

from cli.demo.drawings.ground import shadow, sprig, wall_shadow
from cli.demo.drawings.kitchen import OAK, grain
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
    round_shade,
    slant_shade,
    stroke,
    tube,
)
from cli.demo.drawings.turned import turned


def soap(sheet: Sheet) -> str:
    """Draw a stack of soap bars, the top one in its paper band, on a slatted dish."""
    colour, paper = sheet.colour(0, "#b9c2a0"), sheet.colour(1, PAPER)
    markup = shadow(sheet, 236, colour, depth=48)
    for x in (-170, 0, 170):
        markup += form(
            sheet,
            box(x - 20, -34, 40, 34, 5),
            mix(OAK, shadow_of(OAK), 0.3),
            slant_shade(sheet, (x - 20, -34), (x + 20, 0), OAK),
        )
    markup += form(sheet, box(-236, -58, 472, 28, 8), OAK, slant_shade(sheet, (-236, -58), (236, -30), OAK))
    for i, (x, y, tone) in enumerate(((6, -60, shift(colour, -0.04)), (-14, -184, colour))):
        top = "M-176,-96L-140,-136H150L190,-96Z"
        front = "M-176,-98Q-182,0 -164,0H178Q196,0 190,-98Z"
        bar = form(sheet, front, tone, slant_shade(sheet, (-180, -90), (190, 0), tone, strength=1.2))
        bar += form(sheet, top, mix(tone, WARM_WHITE, 0.3), slant_shade(sheet, (-150, -136), (180, -96), tone))
        if i == 1:
            bar += path("M-72,-98L-58,-136H66L82,-98L80,0H-70Z", paper) + path(
                "M-72,-98L-58,-136H66L82,-98Z", WARM_WHITE, opacity=0.5
            )
            bar += path(
                "M-72,-98H82L80,0H-70Z", sheet.linear((-72, 0), (82, 0), [(0, WARM_WHITE, 0.2), (1, "#6b5a40", 0.22)])
            )
            bar += stroke("M-34,-62H44", colour, 8) + stroke("M-18,-36H28", mix(colour, PAPER, 0.3), 5)
        else:
            bar += "".join(
                oval(
                    sheet.chance.uniform(-160, 170), sheet.chance.uniform(-84, -12), 4, 3, shadow_of(tone), opacity=0.28
                )
                for _ in range(26)
            )
        markup += oval(x + 6, y + 2, 184, 8, shadow_of(tone), opacity=0.25) + move(bar, x, y)
    return move(markup + move(sprig(sheet, 190, "#7f9468", leaves=9), 150, 34, turn=66), -14, 0, scale=1.06)


def brush(sheet: Sheet, *, kind: str = "bath") -> str:
    """Draw a bath brush or a dish brush that hangs by a loop."""
    wood, bristle = sheet.colour(0, OAK), sheet.colour(1, "#e2cfa6")
    if kind == "dish":
        return _dish_brush(sheet, wood, bristle)
    handle = "M-24,-400Q-24,-424 0,-424T24,-400L20,-40C22,0 96,10 104,110C112,250 70,330 0,330S-112,250 -104,110C-96,10 -22,0 -20,-40Z"
    tufts = ""
    for row in range(10):
        y = 64 + row * 25
        half = (56, 70, 78, 82, 82, 80, 74, 66, 54, 36)[row]
        count = half // 13
        for i in range(-count, count + 1):
            x = i * 13 * half / (count * 13 or 1)
            tone = shift(bristle, sheet.chance.uniform(-0.06, 0.04))
            tufts += oval(x + 5, y + 6, 14, 15, shadow_of(bristle), opacity=0.22) + oval(x, y, 13, 15, tone)
    body = form(
        sheet,
        handle,
        wood,
        slant_shade(sheet, (-110, -400), (110, 330), wood),
        details=grain(sheet, -110, -420, 220, 750, wood, 9),
    )
    loop = stroke("M0,-396C-34,-480 34,-480 2,-396", "#6d4a2d", 8) + oval(0, -394, 9, 9, shadow_of(wood))
    return move(wall_shadow(handle, opacity=0.14) + body + loop + tufts, 0, 50, scale=0.98)


def _dish_brush(sheet: Sheet, wood: str, bristle: str) -> str:
    hairs = "".join(
        stroke(
            f"M{x * 0.55:.0f},-96L{x},{10 + abs(x) * -0.12:.0f}", shift(bristle, sheet.chance.uniform(-0.08, 0.04)), 7
        )
        for x in range(-104, 108, 9)
    )
    head = turned(sheet, [(20, -168), (60, -150), (78, -120), (76, -96), (70, -92)], wood, gloss=0.7)
    stick = tube("M0,-150L0,-500", 28, wood) + stroke("M0,-490C-30,-560 34,-560 2,-494", "#6d4a2d", 7)
    metal = turned(sheet, [(17, -186), (22, -164), (22, -156)], BRASS)
    brush_itself = shadow(sheet, 106, wood, depth=30) + hairs + stick + head + metal
    return move(brush_itself + move(_cloth(sheet), 176, 6), -50, 0, scale=1.15)


def _cloth(sheet: Sheet) -> str:
    tone = "#d9cfbd"
    d = "M-100,-40Q-104,-78 -60,-76L70,-84Q110,-84 104,-44L108,-6Q110,0 100,0H-96Q-108,0 -104,-12Z"
    lines = stroke("M-100,-38H104", shadow_of(tone), 4, opacity=0.25) + stroke(
        "M-40,-80V0M-22,-80V0", "#b5654a", 6, opacity=0.7
    )
    return shadow(sheet, 84, tone, depth=22) + form(
        sheet, d, tone, slant_shade(sheet, (-100, -80), (100, 0), tone), details=lines
    )


def pump_bottle(sheet: Sheet) -> str:
    """Draw a refillable bottle with a pump."""
    colour, metal = sheet.colour(0, "#8a5a32"), sheet.colour(1, "#3b3a36")
    profile = [(44, -400), (52, -384), (112, -356), (122, -300), (122, -20), (116, -2), (112, 0)]
    neck = turned(sheet, [(46, -446), (48, -440), (48, -398), (44, -394)], metal)
    pump = tube("M0,-446V-500", 18, metal) + form(
        sheet,
        "M-120,-512Q-124,-530 -96,-532H40Q56,-532 56,-512V-494H-60Q-92,-494 -100,-478H-116Z",
        metal,
        slant_shade(sheet, (-120, -530), (56, -480), metal),
    )
    label = path("M-84,-270Q0,-252 84,-270V-96Q0,-78 -84,-96Z", PAPER) + path(
        "M-84,-270Q0,-252 84,-270V-96Q0,-78 -84,-96Z", round_shade(sheet, 122, "#8a7a60", gloss=0.3)
    )
    label += (
        stroke("M-44,-212Q0,-204 44,-212", colour, 8)
        + stroke("M-28,-180Q0,-174 28,-180", mix(colour, PAPER, 0.3), 5)
        + stroke("M-28,-156Q0,-150 28,-156", mix(colour, PAPER, 0.3), 5)
    )
    body = turned(sheet, profile, colour, gloss=1.4)
    gleam = stroke("M-92,-310V-60", WARM_WHITE, 9, opacity=0.3)
    return move(shadow(sheet, 118, colour) + neck + pump + body + gleam + label, 10, 0, scale=1.06)


def bath_salts(sheet: Sheet) -> str:
    """Draw a brown paper tube of bath salts with a muslin bag."""
    colour, band_colour = sheet.colour(0, "#c9ab83"), sheet.colour(1, "#5f7f86")
    tube_body = turned(sheet, [(112, -360), (112, -360), (112, -4), (108, 0)], colour, gloss=0.6)
    tube_body += form(
        sheet,
        "M-112,-250Q0,-230 112,-250V-120Q0,-100 -112,-120Z",
        band_colour,
        round_shade(sheet, 112, band_colour, gloss=0.6),
    )
    tube_body += stroke("M-50,-196Q0,-188 50,-196", PAPER, 8) + stroke("M-30,-166Q0,-160 30,-166", PAPER, 5)
    lid = turned(sheet, [(116, -404), (116, -404), (116, -334), (114, -330)], shift(colour, -0.06), gloss=0.6) + oval(
        0, -404, 116, 20, mix(colour, WARM_WHITE, 0.3)
    )
    muslin = "#ece2cf"
    bag = "M-18,-176C-30,-150 -110,-120 -112,-54C-112,-14 -90,0 0,0S112,-14 112,-54C110,-120 30,-150 18,-176C40,-200 62,-216 70,-240Q0,-226 -70,-240C-62,-216 -40,-200 -18,-176Z"
    creases = "".join(
        stroke(f"M{x * 0.2:.0f},-170Q{x},-110 {x * 1.1:.0f},-40", shadow_of(muslin), 5, opacity=0.16)
        for x in (-60, -24, 18, 58)
    )
    sack = form(
        sheet, bag, muslin, slant_shade(sheet, (-110, -230), (110, 0), muslin, strength=1.2), details=creases
    ) + stroke("M-24,-176Q0,-166 24,-176M0,-170Q-30,-130 -44,-112M4,-170Q26,-134 40,-120", "#b08d57", 6)
    left = move(shadow(sheet, 112, colour, depth=30) + tube_body + lid, -104, -26)
    return left + move(shadow(sheet, 108, muslin, depth=28) + sack, 132, 20)


def bath_mat(sheet: Sheet) -> str:
    """Draw rolled towels or mats stacked in a small pyramid."""
    colour, second = sheet.colour(0, "#c9b79a"), sheet.colour(1, "#efe6d6")
    markup = shadow(sheet, 260, colour, depth=46)

    def roll(tone: str) -> str:
        ring = "M-122,0A122,118 0 1 1 122,0A122,118 0 1 1 -122,0Z"
        deep = shadow_of(tone)
        spiral = stroke(
            "M100,12A100,96 0 1 1 20,-94A78,74 0 1 1 -70,22A60,56 0 1 1 44,34A40,38 0 1 1 -14,-32A20,20 0 1 1 10,14",
            deep,
            8,
            opacity=0.32,
        )
        return form(sheet, ring, tone, slant_shade(sheet, (-110, -110), (110, 110), tone, strength=1.4), details=spiral)

    for x, y, tone in ((-124, -116, colour), (124, -116, second), (0, -322, mix(colour, second, 0.5))):
        markup += oval(x + 6, y + 112, 100, 12, shadow_of(tone), opacity=0.25) + move(roll(tone), x, y)
    return markup
