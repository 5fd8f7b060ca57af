"""Every drawing by name, and the portrait it makes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from cli.demo.drawings import bath, desk, garden, hall, kitchen, larder, light, tableware, textiles
from cli.demo.drawings.ground import backdrop
from cli.demo.drawings.paint import is_hex, wall_for
from cli.demo.drawings.sheet import Sheet, move

WIDTH, HEIGHT = 800, 1000


@dataclass(frozen=True)
class Drawing:
    """One drawing: how it is painted, whether it stands, hangs on a wall or lies flat, and how it fills a portrait."""

    paint: Callable[[Sheet], str]
    pose: Literal["stands", "hangs", "lies"] = "stands"
    scale: float = 1.0


DRAWINGS: dict[str, Drawing] = {
    "mug": Drawing(tableware.mug, scale=1.25),
    "mug-banded": Drawing(partial(tableware.mug, finish="banded", tall=0.9, wide=1.05), scale=1.25),
    "mug-speckled": Drawing(partial(tableware.mug, finish="speckled", tall=1.12, wide=0.92), scale=1.2),
    "mug-enamel": Drawing(partial(tableware.mug, finish="enamel", tall=0.94, wide=1.06), scale=1.25),
    "beaker": Drawing(tableware.beaker, scale=1.4),
    "cup-and-saucer": Drawing(tableware.saucered, scale=1.12),
    "bowl": Drawing(tableware.bowl, scale=1.16),
    "bowl-of-fruit": Drawing(partial(tableware.bowl, finish="plain", deep=1.1, filled=True), scale=1.16),
    "plate": Drawing(tableware.plate),
    "plate-banded": Drawing(partial(tableware.plate, finish="banded")),
    "plates": Drawing(partial(tableware.plate, stack=5), scale=1.12),
    "jug": Drawing(tableware.jug, scale=1.12),
    "teapot": Drawing(tableware.teapot),
    "board": Drawing(kitchen.board, scale=1.08),
    "board-round": Drawing(partial(kitchen.board, round_end=True)),
    "bread-board": Drawing(partial(kitchen.board, loaf=True), scale=1.05),
    "chef-knife": Drawing(kitchen.knife, "lies"),
    "bread-knife": Drawing(partial(kitchen.knife, kind="bread"), "lies"),
    "paring-knife": Drawing(partial(kitchen.knife, kind="paring"), "lies"),
    "spoons": Drawing(kitchen.spoons, scale=1.05),
    "casserole": Drawing(kitchen.casserole),
    "skillet": Drawing(kitchen.skillet, "hangs"),
    "jar": Drawing(larder.jar),
    "jar-cloth": Drawing(partial(larder.jar, lid="cloth")),
    "tin": Drawing(larder.tin, scale=1.18),
    "tin-squat": Drawing(partial(larder.tin, squat=0.6), scale=1.3),
    "packet": Drawing(larder.packet, scale=1.1),
    "bottle": Drawing(larder.bottle),
    "salt-bowl": Drawing(larder.salt_bowl, scale=1.1),
    "candle": Drawing(light.candle, scale=1.4),
    "candle-pot": Drawing(partial(light.candle, holder="pot"), scale=1.4),
    "pillars": Drawing(light.pillars, scale=1.1),
    "candlesticks": Drawing(light.candlestick, scale=1.15),
    "lamp": Drawing(light.lamp),
    "lamp-wood": Drawing(partial(light.lamp, base="rod")),
    "pendant": Drawing(light.pendant, "hangs"),
    "tumblers": Drawing(light.glass, scale=1.35),
    "wine-glasses": Drawing(partial(light.glass, stem=True), scale=1.2),
    "carafe": Drawing(light.carafe),
    "vase": Drawing(light.vase),
    "vase-tall": Drawing(partial(light.vase, shape="tall")),
    "vase-bud": Drawing(partial(light.vase, shape="bud")),
    "diffuser": Drawing(light.diffuser),
    "clock": Drawing(light.clock, "hangs"),
    "throw-striped": Drawing(textiles.throw),
    "throw-checked": Drawing(partial(textiles.throw, pattern="check")),
    "throw-herringbone": Drawing(partial(textiles.throw, pattern="zigzag")),
    "cushion": Drawing(textiles.cushion, scale=1.08),
    "cushion-striped": Drawing(partial(textiles.cushion, pattern="stripe"), scale=1.08),
    "cushion-blocks": Drawing(partial(textiles.cushion, pattern="block"), scale=1.08),
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
    "pump-bottle": Drawing(bath.pump_bottle, scale=1.1),
    "bath-salts": Drawing(bath.bath_salts, scale=1.2),
    "rolled-towels": Drawing(bath.bath_mat, scale=1.08),
    "notebook": Drawing(desk.notebook, "lies"),
    "notebook-stitched": Drawing(partial(desk.notebook, style="stitched"), "lies"),
    "notebook-marbled": Drawing(partial(desk.notebook, style="marbled"), "lies"),
    "pencils": Drawing(desk.pencils, "lies"),
    "pencil-pot": Drawing(partial(desk.pencils, pot=True), scale=1.1),
    "cards": Drawing(desk.cards, "lies"),
    "wrapping": Drawing(desk.wrapping, "lies"),
    "twine": Drawing(desk.twine, scale=1.15),
    "scissors": Drawing(desk.scissors, "lies"),
    "trowel": Drawing(garden.trowel, "lies"),
    "hand-fork": Drawing(partial(garden.trowel, kind="fork"), "lies"),
    "trowel-and-fork": Drawing(partial(garden.trowel, kind="set"), "lies"),
    "watering-can": Drawing(garden.watering_can),
    "pot": Drawing(garden.pot),
    "pot-trailing": Drawing(partial(garden.pot, plant="trailing")),
    "seed-tray": Drawing(garden.seed_tray, scale=1.1),
    "secateurs": Drawing(garden.secateurs, "lies"),
    "basket": Drawing(hall.basket),
    "basket-tall": Drawing(partial(hall.basket, style="tall"), scale=1.12),
    "stool": Drawing(hall.stool),
    "hooks": Drawing(hall.hooks, "hangs"),
    "mirror": Drawing(hall.mirror, "hangs"),
    "mirror-arched": Drawing(partial(hall.mirror, shape="arch"), "hangs"),
    "umbrella": Drawing(hall.umbrella),
    "bag": Drawing(hall.bag, scale=1.08),
    "tray": Drawing(hall.tray),
}
NAMES = frozenset(DRAWINGS)
_PLACES = {"stands": (400.0, 810.0, 690.0), "hangs": (400.0, 480.0, None), "lies": (400.0, 500.0, None)}


def draw(name: str, colours: Sequence[str], *, seed: str = "") -> str:
    """Draw one thing as a whole portrait (an svg of 800 by 1000); the same arguments give the same picture."""
    if wrong := [colour for colour in colours if not is_hex(colour)]:
        raise ValueError(f"Write colours as #rrggbb in lower case, not {wrong[0]!r}.")
    drawing = DRAWINGS[name]
    sheet = Sheet(colours, seed=f"{name}:{seed}")
    x, y, horizon = _PLACES[drawing.pose]
    wall = wall_for(sheet.colour(0, "#b9b09c"), turn=sheet.chance.random())
    scenery = backdrop(sheet, wall, WIDTH, HEIGHT, horizon=horizon)
    return document(scenery + move(drawing.paint(sheet), x, y, scale=drawing.scale), sheet, WIDTH, HEIGHT)


def document(markup: str, sheet: Sheet, width: int, height: int) -> str:
    """Wrap markup and its definitions as one svg."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<defs>{''.join(sheet.defs)}</defs>{markup}</svg>"
    )
