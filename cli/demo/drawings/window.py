"""The shop window of the home page by day and by night: `python -m cli.demo.drawings.window` renders it anew."""

from dataclasses import dataclass

from cli.demo.drawings.gallery import DRAWINGS, document
from cli.demo.drawings.ground import backdrop
from cli.demo.drawings.paint import mix, shift
from cli.demo.drawings.scenes import Placed
from cli.demo.drawings.sheet import Sheet, box, move, oval, path
from domain.shared.settings import ROOT

WIDTH, HEIGHT, COUNTER = 2000, 900, 742
NARROW = 900, 1100
"""Where the part for narrow screens begins, and how wide it is: the shelves without the wall beside them."""
DAY_WALL, NIGHT_WALL = "#dfe6d8", "#1d3329"
OAK, WALNUT = "#c29561", "#5c3d2a"
TARGET = ROOT / "static" / "img"
SIZES = {"wide": (1280, 2000), "narrow": (640, 1100)}


@dataclass(frozen=True)
class Shelf:
    """A board on the wall: where it begins and ends, how low it hangs, and what stands on it."""

    left: float
    right: float
    y: float
    things: tuple[Placed, ...]


SHELVES = (
    Shelf(
        1330,
        1925,
        298,
        (
            Placed("jar", 1385, 298, 0.28, ("#d9a441",)),
            Placed("jar-cloth", 1497, 298, 0.27, ("#9c3f35", "#c4643f")),
            Placed("tin", 1612, 298, 0.29, ("#2f5044",)),
            Placed("packet", 1728, 298, 0.31, ("#c9a878",)),
            Placed("vase-bud", 1852, 298, 0.33, ("#c4643f",)),
        ),
    ),
    Shelf(
        1330,
        1925,
        520,
        (
            Placed("plates", 1412, 520, 0.3, ("#e6dcc8",)),
            Placed("mug", 1562, 520, 0.27, ("#c4643f", "#b98a66")),
            Placed("mug-speckled", 1674, 520, 0.27, ("#51685a",)),
            Placed("teapot", 1822, 520, 0.31, ("#4f7384",)),
        ),
    ),
)
ON_COUNTER = (
    Placed("lamp", 1176, 760, 0.6, ("#2f5044",)),
    Placed("pot-trailing", 1878, 762, 0.38, ("#c4643f",)),
    Placed("jug", 1690, 776, 0.42, ("#e6dcc8", "#b98a66")),
    Placed("bowl-of-fruit", 1440, 796, 0.46, ("#2f4858",)),
    Placed("bread-board", 1086, 842, 0.46),
    Placed("cup-and-saucer", 1590, 850, 0.36, ("#e9dfcc",)),
)
PENDANT = Placed("pendant", 1010, 120, 0.42, ("#c4643f",))


def draw_window(*, night: bool = False, narrow: bool = False) -> str:
    """Draw the shop window as an svg; by night the wall is dark and the lamps light it."""
    sheet = Sheet((), seed="window-3", prefix="w")
    markup = _night_wall(sheet) if night else backdrop(sheet, DAY_WALL, WIDTH, HEIGHT, horizon=COUNTER)
    for shelf in SHELVES:
        markup += _board(sheet, shelf, WALNUT if night else OAK)
    things = (PENDANT, *(thing for shelf in SHELVES for thing in shelf.things), *ON_COUNTER)
    for i, thing in enumerate(things):
        own = Sheet(thing.colours, seed=f"window:{i}", prefix=f"t{i}-")
        markup += move(DRAWINGS[thing.name].paint(own), thing.x, thing.y, scale=thing.scale)
        sheet.defs.extend(own.defs)
    if night:
        markup += _lamplight(sheet)
    if narrow:
        left, width = NARROW
        return document(move(markup, -left, 0), sheet, width, HEIGHT)
    return document(markup, sheet, WIDTH, HEIGHT)


def _board(sheet: Sheet, shelf: Shelf, wood: str) -> str:
    wide = shelf.right - shelf.left
    fall = sheet.linear((0, shelf.y + 18), (0, shelf.y + 70), [(0, "#2b2016", 0.26), (1, "#2b2016", 0.0)])
    grain = sheet.linear((shelf.left, 0), (shelf.right, 0), [(0, shift(wood, 0.06), 1), (1, shift(wood, -0.05), 1)])
    brackets = "".join(
        path(box(x, shelf.y + 14, 9, 46, 4), mix(wood, "#1f1a14", 0.55)) for x in (shelf.left + 70, shelf.right - 79)
    )
    return (
        path(box(shelf.left + 14, shelf.y + 16, wide - 6, 54, 8), fall)
        + brackets
        + path(box(shelf.left, shelf.y - 3, wide, 21, 4), grain)
        + path(box(shelf.left, shelf.y - 3, wide, 5, 2), shift(wood, 0.12), opacity=0.7)
    )


def _night_wall(sheet: Sheet) -> str:
    wall = sheet.linear((0, 0), (WIDTH, HEIGHT), [(0, shift(NIGHT_WALL, 0.0), 1), (1, shift(NIGHT_WALL, 0.035), 1)])
    wood = sheet.linear((0, COUNTER), (WIDTH, HEIGHT), [(0, "#33261c", 1), (0.6, "#4a3626", 1), (1, "#3a2b1f", 1)])
    glow = sheet.radial([(0, "#ffd591", 0.4), (0.45, "#f0b56a", 0.16), (1, "#f0b56a", 0)])
    return (
        path(f"M0,0H{WIDTH}V{COUNTER}H0Z", wall)
        + oval(1100, 400, 560, 440, glow)
        + oval(1640, 420, 640, 460, glow, opacity=0.55)
        + path(f"M0,{COUNTER}H{WIDTH}V{HEIGHT}H0Z", wood)
        + path(f"M0,{COUNTER}H{WIDTH}V{COUNTER + 4}H0Z", "#8a6a48", opacity=0.6)
        + oval(1240, COUNTER + 70, 620, 90, glow, opacity=0.8)
    )


def _lamplight(sheet: Sheet) -> str:
    dusk = sheet.linear((0, 0), (0, HEIGHT), [(0, "#0b1a14", 0.24), (0.6, "#0b1a14", 0.1), (1, "#0b1a14", 0.24)])
    warm = sheet.radial([(0, "#ffcf85", 0.34), (0.5, "#ffb867", 0.12), (1, "#ffb867", 0)])
    return (
        path(f"M0,0H{WIDTH}V{HEIGHT}H0Z", dusk) + oval(PENDANT.x, 320, 380, 330, warm) + oval(1176, 520, 340, 280, warm)
    )


def main() -> None:
    """Write every file of the window under static/img, by day and by night, for wide and narrow screens."""
    from cli.demo.rendering import derivatives

    TARGET.mkdir(parents=True, exist_ok=True)
    for time in ("day", "night"):
        for shape, widths in SIZES.items():
            svg = draw_window(night=time == "night", narrow=shape == "narrow")
            for made in derivatives(svg, widths):
                if made.format != "jpeg" or (time, shape) == ("day", "narrow"):
                    name = f"window-{time}-{shape}-{made.width}.{made.format.replace('jpeg', 'jpg')}"
                    (TARGET / name).write_bytes(made.data)


if __name__ == "__main__":
    main()
