"""A figure's one axes, labels beside points, ticks of time and money, and the chapter's colour."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import log_axis
from analysis.engine.words.figures import PALETTE, styled
from analysis.engine.words.formats import SPACE, number, quantity

#: Colour of the vertical.
COLOUR = chapter_colour("verifiable_ai")
#: Look of a mean or a model beside the dots of what was measured.
DIAMOND = {"marker": "D", "color": PALETTE["paper"], "markeredgecolor": PALETTE["ink"]}
#: Ticks of an axis of time: seconds, and how they are written.
TIMES = {quantity(at, "s"): at for at in (1e-3, 1e-2, 0.1, 1, 10, 600, 36_000, 360_000)} | {
    f"1{SPACE}min": 60,
    f"1{SPACE}h": 3600,
}
#: Where a label may stand: offset from its point in points, and how it is aligned; the first that is free is taken.
PLACES = (
    (6, 0, "left", "center"),
    (-6, 0, "right", "center"),
    (0, 6, "center", "bottom"),
    (0, -6, "center", "top"),
    (5, 5, "left", "bottom"),
    (5, -5, "left", "top"),
    (-5, 5, "right", "bottom"),
    (-5, -5, "right", "top"),
)


def usd(value: float) -> str:
    """A sum with its unit; cents with two digits.

    Examples
    --------
    >>> usd(0.0109).replace(SPACE, " "), usd(111.1).replace(SPACE, " ")
    ('0.011 USD', '111 USD')
    """
    return f"{number(float(f'{value:.2g}') if value < 1 else value)}{SPACE}USD"


@contextmanager
def drawing(size: tuple[float, float], place: tuple[float, float, float, float]) -> Iterator[tuple[Figure, Axes]]:
    """A figure of a size, inches, and its axes: left, bottom, width and height as shares of it, in the house style."""
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=size)
        yield fig, fig.add_axes(place)


def time_axis(ax: Axes, which: str, limits: tuple[float, float]) -> None:
    """Make an axis one of time, logarithmic."""
    log_axis(ax, which, TIMES, limits)


def label_points(
    ax: Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    labels: Sequence[str],
    *,
    size: float = 8,
    avoid: Sequence[tuple[float, float, float, float]] = (),
) -> None:
    """Write a label beside each point, at the first of `PLACES` that is free, or the one that covers least.

    Limits and scales of the axes have to be set before. Widths of text are estimated, so that a figure is the same
    wherever it is drawn.

    Parameters
    ----------
    size : float
        Of the text, points.
    avoid : sequence of (x0, y0, x1, y1)
        Lines along an axis that no label should cross, from their lower left to their upper right.
    """
    points = ax.transData.transform(np.column_stack([np.asarray(xs, float), np.asarray(ys, float)]))
    dots = ax.figure.dpi / 72
    taken = [Bbox.from_extents(x, y, x, y).padded(4 * dots) for x, y in points]
    taken += [Bbox(ax.transData.transform(np.reshape(line, (2, 2)))).padded(2 * dots) for line in avoid]
    for (x, y), at, label in zip(points, zip(xs, ys, strict=True), labels, strict=True):
        boxes = [_box(x, y, label, place, size * dots, dots) for place in PLACES]
        best = int(np.argmin([_shared(box, taken) + 10 * _outside(box, ax.bbox) for box in boxes]))
        taken.append(boxes[best])
        dx, dy, ha, va = PLACES[best]
        ax.annotate(label, at, (dx, dy), textcoords="offset points", ha=ha, va=va, fontsize=size, linespacing=1.05)


def _box(x: float, y: float, label: str, place: tuple, size: float, dots: float) -> Bbox:
    lines = label.split("\n")
    wide, high = 0.54 * size * max(map(len, lines)), 1.15 * size * len(lines)
    dx, dy, ha, va = place
    left = x + dx * dots - {"left": 0, "center": 0.5, "right": 1}[ha] * wide
    bottom = y + dy * dots - {"bottom": 0, "center": 0.5, "top": 1}[va] * high
    return Bbox.from_bounds(left, bottom, wide, high)


def _shared(box: Bbox, taken: list[Bbox]) -> float:
    """Area that a box shares with others."""
    shared = (Bbox.intersection(box, other) for other in taken)
    return sum(both.width * both.height for both in shared if both is not None)


def _outside(box: Bbox, frame: Bbox) -> float:
    """How far a box reaches over the edges of a frame."""
    over = (frame.x0 - box.x0, frame.y0 - box.y0, box.x1 - frame.x1, box.y1 - frame.y1)
    return sum(max(0.0, one) for one in over)
