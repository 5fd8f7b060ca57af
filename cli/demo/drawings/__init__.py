"""The shop's own illustrations: every picture in the demo shop is drawn here, in the colours of what it shows."""

from cli.demo.drawings.gallery import NAMES, draw
from cli.demo.drawings.scenes import SCENES, draw_scene

__all__ = ["NAMES", "SCENES", "draw", "draw_scene"]
