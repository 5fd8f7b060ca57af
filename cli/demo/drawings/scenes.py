"""Landscape pictures: several things together on a table or against a wall, for the home page and the categories."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cli.demo.drawings.gallery import DRAWINGS, document
from cli.demo.drawings.ground import backdrop
from cli.demo.drawings.paint import wall_for
from cli.demo.drawings.sheet import Sheet, move

WIDTH, HEIGHT, HORIZON = 1600, 1000, 760


@dataclass(frozen=True)
class Placed:
    """One drawing in a scene: where its foot (or middle) is, how large, in which colours."""

    name: str
    x: float
    y: float
    scale: float
    colours: tuple[str, ...] = ()
    mirror: bool = False


@dataclass(frozen=True)
class Scene:
    """A wall colour, and things from back to front."""

    wall: str
    things: tuple[Placed, ...]
    flat: bool = False
    seed: str = field(default="scene")


SCENES: dict[str, Scene] = {
    "hero": Scene(
        "#7d9a8c",
        (
            Placed("mirror", 740, 262, 0.6, ("#b98a55",)),
            Placed("pendant", 300, 232, 0.62, ("#2f5044",)),
            Placed("board-round", 1270, 800, 0.78),
            Placed("vase", 1080, 812, 0.72, ("#c4643f",)),
            Placed("jug", 300, 822, 0.84, ("#e6dcc8", "#b98a66")),
            Placed("bowl-of-fruit", 620, 846, 0.78, ("#51685a",)),
            Placed("mug", 910, 872, 0.62, ("#d9a441", "#b98a66")),
            Placed("candlesticks", 1440, 832, 0.66),
            Placed("cup-and-saucer", 1240, 902, 0.6, ("#e9dfcc",)),
        ),
    ),
    "table": Scene(
        "#c9b79a",
        (
            Placed("carafe", 1290, 800, 0.9),
            Placed("teapot", 900, 818, 0.86, ("#2f5044",)),
            Placed("jug", 250, 815, 0.86, ("#c4643f", "#b98a66")),
            Placed("plates", 560, 862, 0.84, ("#e6dcc8",)),
            Placed("mug-speckled", 1090, 880, 0.56, ("#7d9a8c",)),
            Placed("bowl", 1430, 912, 0.5, ("#2f4858",)),
        ),
    ),
    "kitchen": Scene(
        "#a9b39a",
        (
            Placed("board", 1190, 800, 0.86),
            Placed("board-round", 1410, 806, 0.66, ("#8a5c38",)),
            Placed("spoons", 290, 822, 0.86, ("#e0d4bd",)),
            Placed("bottle", 505, 806, 0.8),
            Placed("casserole", 760, 850, 0.92, ("#c4643f",)),
            Placed("salt-bowl", 1120, 890, 0.56),
        ),
    ),
    "textiles": Scene(
        "#b9a58e",
        (
            Placed("throw-checked", 470, 850, 1.0, ("#51685a", "#efe4cf")),
            Placed("cushion-striped", 1010, 872, 0.84, ("#c4643f",)),
            Placed("basket-tall", 1390, 846, 0.92, ("#b98a55", "#d9cbb0")),
        ),
    ),
    "light": Scene(
        "#8f9d8f",
        (
            Placed("pendant", 430, 240, 0.82, ("#c4643f",)),
            Placed("lamp", 1150, 820, 1.0, ("#2f5044",)),
            Placed("pillars", 420, 850, 0.8),
            Placed("candle-pot", 760, 872, 0.66, ("#c9b79a",)),
            Placed("candlesticks", 1460, 842, 0.72),
        ),
    ),
    "bath": Scene(
        "#7f9a95",
        (
            Placed("towel", 330, 340, 0.9, ("#7f9a95",)),
            Placed("pump-bottle", 760, 818, 0.84),
            Placed("soap", 1060, 866, 0.74, ("#b9c2a0",)),
            Placed("rolled-towels", 1390, 846, 0.8),
        ),
    ),
    "desk": Scene(
        "#c0ab86",
        (
            Placed("wrapping", 260, 500, 0.92, ("#51685a", "#efe2c8")),
            Placed("notebook", 760, 520, 1.02, ("#c4643f", "#7d9a8c")),
            Placed("cards", 1250, 520, 0.98, ("#d9a441",)),
        ),
        flat=True,
    ),
    "garden": Scene(
        "#93a583",
        (
            Placed("pot-trailing", 250, 828, 0.98),
            Placed("watering-can", 770, 846, 0.98, ("#2f5044",)),
            Placed("pot", 1150, 822, 0.92, ("#d8cbb2",)),
            Placed("seed-tray", 1350, 908, 0.66),
        ),
    ),
    "hall": Scene(
        "#b7a58d",
        (
            Placed("hooks", 420, 330, 0.92, ("#a8713f",)),
            Placed("mirror", 1050, 300, 0.78),
            Placed("umbrella", 240, 830, 0.78, ("#c4643f",)),
            Placed("stool", 1050, 852, 0.78),
            Placed("basket", 1400, 872, 0.78, ("#b98a55", "#7d9a8c")),
            Placed("bag", 640, 862, 0.66, ("#51685a",)),
        ),
    ),
    "pantry": Scene(
        "#c5a777",
        (
            Placed("jar", 330, 820, 0.86, ("#d9a441",)),
            Placed("bottle", 640, 812, 0.94),
            Placed("packet", 940, 838, 0.84),
            Placed("tin", 1250, 826, 0.86, ("#2f5044",)),
            Placed("jar-cloth", 1450, 872, 0.66, ("#9c3f35", "#c4643f")),
            Placed("cup-and-saucer", 1140, 912, 0.5, ("#e9dfcc",)),
            Placed("salt-bowl", 500, 900, 0.5),
        ),
    ),
}


def draw_scene(name: str, colours: Sequence[str] = ()) -> str:
    """Draw a landscape scene (an svg of 1600 by 1000); the first colour, if given, tints its wall."""
    scene = SCENES[name]
    sheet = Sheet(colours, seed=f"{name}:{scene.seed}")
    wall = wall_for(sheet.colour(0, scene.wall), turn=0.3)
    markup = backdrop(sheet, wall, WIDTH, HEIGHT, horizon=None if scene.flat else HORIZON)
    for i, placed in enumerate(scene.things):
        own = Sheet(placed.colours, seed=f"{name}:{i}", prefix=f"t{i}-")
        markup += move(DRAWINGS[placed.name].paint(own), placed.x, placed.y, scale=placed.scale, mirror=placed.mirror)
        sheet.defs.extend(own.defs)
    return document(markup, sheet, WIDTH, HEIGHT)
