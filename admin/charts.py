"""Where the parts of a chart stand: a page draws it as SVG, with the same figures in a table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 200
"""The size of a chart in its own units; the page stretches it to the room there is."""
_TOP, _BOTTOM = 12, 24
_GAP = 0.3
"""How much of a bar's place is left free."""


@dataclass(frozen=True)
class Bar:
    """One bar; `label` is what it stands for and `text` its value in words."""

    x: float
    y: float
    width: float
    height: float
    label: str
    text: str


@dataclass(frozen=True)
class Mark:
    """A line across the chart with its value in words."""

    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart of bars; `ends` are the labels of the first and the last of them."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    ends: tuple[str, str]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM


def bars(points: Sequence[tuple[str, int, str]], top: str) -> Chart | None:
    """Lay out bars of the same width from the left to the right; None without a value above zero.

    A point is its label, its value and its value in words; what is below zero stands at zero. `top` is the largest
    value in words.
    """
    highest = max((value for _, value, _ in points), default=0)
    if highest <= 0:
        return None
    step, room = WIDTH / len(points), HEIGHT - _TOP - _BOTTOM
    drawn = []
    for i, (label, value, text) in enumerate(points):
        height = round(room * max(value, 0) / highest, 1)
        drawn.append(
            Bar(round((i + _GAP / 2) * step, 1), round(_TOP + room - height, 1), round(step * (1 - _GAP), 1), height,
                label, text)
        )  # fmt: skip
    return Chart(tuple(drawn), (Mark(_TOP, top),), (points[0][0], points[-1][0]))
