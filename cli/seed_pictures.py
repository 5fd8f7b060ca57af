"""Drawing the demo shop's pictures on every core, and storing them."""

import importlib.util
import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from cli.errors import CliError
from cli.seed_progress import Progress
from domain.catalog.commands.load import LoadedPicture
from domain.catalog.media import Storage, key_for

PORTRAIT_WIDTHS = (240, 480, 800)
SCENE_WIDTHS = (480, 800, 1280)
"""How wide the derivatives are, in pixels: for a phone's tile, a tile or a phone's whole width, and a big screen."""


@dataclass(frozen=True)
class Sketch:
    """A picture to be drawn: a scene, or a thing in its colours."""

    name: str
    colours: tuple[str, ...] = ()
    seed: str = ""
    scene: bool = False


@dataclass(frozen=True)
class Stored:
    """A picture whose derivatives are in the storage."""

    width: int
    height: int
    derivatives: tuple[dict[str, Any], ...]

    def titled(self, alt: str) -> LoadedPicture:
        """Give it its description."""
        return LoadedPicture(alt=alt, width=self.width, height=self.height, derivatives=self.derivatives)

    def as_json(self, alt: str) -> dict[str, Any]:
        """Write it as columns keep it."""
        return {"alt": alt, "width": self.width, "height": self.height, "derivatives": list(self.derivatives)}


def store_all(sketches: Iterable[Sketch], storage: Storage) -> dict[Sketch, Stored]:
    """Draw every picture once, store its derivatives, and return them by sketch."""
    wanted = sorted(set(sketches), key=lambda sketch: (sketch.scene, sketch.name, sketch.colours, sketch.seed))
    if not wanted:
        return {}
    progress = Progress("pictures drawn", len(wanted))
    stored = {}
    if not importlib.util.find_spec("resvg_py"):
        raise CliError("The demo shop's pictures cannot be drawn here", "Install requirements/up.lock")
    # Fresh processes: a forked one would hold a copy of the database connection.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(wanted)), mp_context=fresh) as pool:
        for sketch, derivatives in zip(wanted, pool.map(_render, wanted, chunksize=2), strict=True):
            stored[sketch] = _store(derivatives, storage)
            progress.add()
    return stored


def _render(sketch: Sketch) -> Sequence[Any]:
    from cli.demo.drawings import draw, draw_scene
    from cli.demo.rendering import derivatives

    if sketch.scene:
        return list(derivatives(draw_scene(sketch.name), widths=SCENE_WIDTHS))
    return list(derivatives(draw(sketch.name, sketch.colours, seed=sketch.seed), widths=PORTRAIT_WIDTHS))


def _store(derivatives: Sequence[Any], storage: Storage) -> Stored:
    listed = []
    for derivative in sorted(derivatives, key=lambda item: (item.format, item.width)):
        key = key_for(derivative.data, derivative.format)
        storage.put(key, derivative.data, f"image/{derivative.format}")
        listed.append({"width": derivative.width, "height": derivative.height, "format": derivative.format, "key": key})
    largest = max(listed, key=lambda item: int(item["width"]))
    return Stored(int(largest["width"]), int(largest["height"]), tuple(listed))
