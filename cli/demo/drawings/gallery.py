"""Every drawing by name, and the portrait it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from cli.demo.drawings import bath, desk, garden, hall, kitchen, light, tableware, textiles
from cli.demo.drawings.ground import backdrop
from cli.demo.drawings.paint import is_hex, wall_for
from cli.demo.drawings.sheet import Sheet, move

WIDTH, HEIGHT = 800, 1000


@dataclass(frozen=True)
class Drawing:
    """One drawing: how it is painted, and whether it stands on a table, hangs on a wall or lies flat."""

    paint: Callable[[Sheet], str]
    pose: Literal["stands", "hangs", "lies"] = "stands"


DRAWINGS: dict[str, Drawing] = {
    "mug": Drawing(tableware.mug),
    "mug-banded": Drawing(partial(tableware.mug, finish="banded", tall=0.9, wide=1.05)),
    "mug-speckled": Drawing(partial(tableware.mug, finish="speckled", tall=1.12, wide=0.92)),
    "mug-enamel": Drawing(partial(tableware.mug, finish="enamel", tall=0.94, wide=1.06)),
    "beaker": Drawing(tableware.beaker),
    "cup-and-saucer": Drawing(tableware.saucered),
    "bowl": Drawing(tableware.bowl),
    "bowl-of-fruit": Drawing(partial(tableware.bowl, finish="plain", deep=1.1, filled=True)),
    "plate": Drawing(tableware.plate),
    "plate-banded": Drawing(partial(tableware.plate, finish="banded")),
    "plates": Drawing(partial(tableware.plate, stack=5)),
    "jug": Drawing(tableware.jug),
    "teapot": Drawing(tableware.teapot),
    "board": Drawing(kitchen.board),
    "board-round": Drawing(partial(kitchen.board, round_end=True)),
    "bread-board": Drawing(partial(kitchen.board, loaf=True)),
    "chef-knife": Drawing(kitchen.knife, "lies"),
    "bread-knife": Drawing(partial(kitchen.knife, kind="bread"), "lies"),
    "paring-knife": Drawing(partial(kitchen.knife, kind="paring"), "lies"),
    "spoons": Drawing(kitchen.spoons),
    "casserole": Drawing(kitchen.casserole),
    "skillet": Drawing(kitchen.skillet, "hangs"),
    "jar": Drawing(kitchen.jar),
    "jar-cloth": Drawing(partial(kitchen.jar, lid="cloth")),
    "tin": Drawing(kitchen.tin),
    "tin-squat": Drawing(partial(kitchen.tin, squat=0.6)),
    "packet": Drawing(kitchen.packet),
    "bottle": Drawing(kitchen.bottle),
    "salt-bowl": Drawing(kitchen.salt_bowl),
    "candle": Drawing(light.candle),
    "candle-pot": Drawing(partial(light.candle, holder="pot")),
    "pillars": Drawing(light.pillars),
    "candlesticks": Drawing(light.candlestick),
    "lamp": Drawing(light.lamp),
    "lamp-wood": Drawing(partial(light.lamp, base="rod")),
    "pendant": Drawing(light.pendant, "hangs"),
    "tumblers": Drawing(light.glass),
    "wine-glasses": Drawing(partial(light.glass, stem=True)),
    "carafe": Drawing(light.carafe),
    "vase": Drawing(light.vase),
    "vase-tall": Drawing(partial(light.vase, shape="tall")),
    "vase-bud": Drawing(partial(light.vase, shape="bud")),
    "diffuser": Drawing(light.diffuser),
    "clock": Drawing(light.clock, "hangs"),
    "throw-striped": Drawing(textiles.throw),
    "throw-checked": Drawing(partial(textiles.throw, pattern="check")),
    "throw-herringbone": Drawing(partial(textiles.throw, pattern="zigzag")),
    "cushion": Drawing(textiles.cushion),
    "cushion-striped": Drawing(partial(textiles.cushion, pattern="stripe")),
    "cushion-blocks": Drawing(partial(textiles.cushion, pattern="block")),
    "towel": Drawing(textiles.towel, "hangs"),
    "towel-waffle": Drawing(partial(textiles.towel, pattern="waffle"), "hangs"),
    "tea-towel": Drawing(partial(textiles.towel, rail=False), "hangs"),
    "tea-towel-checked": Drawing(partial(textiles.towel, rail=False, pattern="check"), "hangs"),
    "apron": Drawing(textiles.apron, "hangs"),
    "napkins": Drawing(textiles.napkins, "lies"),
    "rug": Drawing(textiles.rug, "lies"),
    "soap": Drawing(bath.soap),
    "bath-brush": Drawing(bath.brush, "hangs"),
    "dish-brush": Drawing(partial(bath.brush, kind="dish")),
    "pump-bottle": Drawing(bath.pump_bottle),
    "bath-salts": Drawing(bath.bath_salts),
    "rolled-towels": Drawing(bath.bath_mat),
    "notebook": Drawing(desk.notebook, "lies"),
    "notebook-stitched": Drawing(partial(desk.notebook, style="stitched"), "lies"),
    "notebook-marbled": Drawing(partial(desk.notebook, style="marbled"), "lies"),
    "pencils": Drawing(desk.pencils, "lies"),
    "pencil-pot": Drawing(partial(desk.pencils, pot=True)),
    "cards": Drawing(desk.cards, "lies"),
    "wrapping": Drawing(desk.wrapping, "lies"),
    "twine": Drawing(desk.twine),
    "scissors": Drawing(desk.scissors, "lies"),
    "trowel": Drawing(garden.trowel, "lies"),
    "hand-fork": Drawing(partial(garden.trowel, kind="fork"), "lies"),
    "trowel-and-fork": Drawing(partial(garden.trowel, kind="set"), "lies"),
    "watering-can": Drawing(garden.watering_can),
    "pot": Drawing(garden.pot),
    "pot-trailing": Drawing(partial(garden.pot, plant="trailing")),
    "seed-tray": Drawing(garden.seed_tray),
    "secateurs": Drawing(garden.secateurs, "lies"),
    "basket": Drawing(hall.basket),
    "basket-tall": Drawing(partial(hall.basket, style="tall")),
    "stool": Drawing(hall.stool),
    "hooks": Drawing(hall.hooks, "hangs"),
    "mirror": Drawing(hall.mirror, "hangs"),
    "mirror-arched": Drawing(partial(hall.mirror, shape="arch"), "hangs"),
    "umbrella": Drawing(hall.umbrella),
    "bag": Drawing(hall.bag),
    "tray": Drawing(hall.tray),
}
NAMES = frozenset(DRAWINGS)
_PLACES = {"stands": (400.0, 795.0, 690.0), "hangs": (400.0, 480.0, None), "lies": (400.0, 500.0, None)}


def draw(name: str, colours: Sequence[str], *, seed: str = "") -> str:
    """Draw one thing as a whole portrait (an svg of 800 by 1000); the same arguments give the same picture."""
    if wrong := [colour for colour in colours if not is_hex(colour)]:
        raise ValueError(f"Write colours as #rrggbb in lower case, not {wrong[0]!r}.")
    drawing = DRAWINGS[name]
    sheet = Sheet(colours, seed=f"{name}:{seed}")
    x, y, horizon = _PLACES[drawing.pose]
    wall = wall_for(sheet.colour(0, "#b9b09c"), turn=sheet.chance.random())
    scenery = backdrop(sheet, wall, WIDTH, HEIGHT, horizon=horizon)
    return document(scenery + move(drawing.paint(sheet), x, y), sheet, WIDTH, HEIGHT)


def document(markup: str, sheet: Sheet, width: int, height: int) -> str:
    """Wrap markup and its definitions as one svg."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<defs>{''.join(sheet.defs)}</defs>{markup}</svg>"
    )
