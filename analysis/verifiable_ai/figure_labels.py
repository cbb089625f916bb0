"""Labels beside points, ticks of time, and what all figures of the chapter share."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE
from analysis.engine.words.formats import SPACE, number, quantity

#: Colour of the vertical.
COLOUR = chapter_colour("verifiable_ai")
DASHED, DOTTED = (0, (4, 3)), (0, (1, 1.5))
#: Look of the asserted value, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": DASHED}
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


def log_axis(ax: Axes, which: str, ticks: Sequence[float], labels: Sequence[str], limits: tuple[float, float]) -> None:
    """Make an axis logarithmic, with these ticks where they lie inside the limits, and no others."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    (ax.set_xscale if which == "x" else ax.set_yscale)("log")
    (ax.set_xlim if which == "x" else ax.set_ylim)(*limits)
    kept = [(at, label) for at, label in zip(ticks, labels, strict=True) if limits[0] <= at <= limits[1]]
    axis.set_major_locator(FixedLocator([at for at, _ in kept]))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels([label for _, label in kept])
    ax.grid(axis=which, linewidth=0.6)


def time_axis(ax: Axes, which: str, limits: tuple[float, float]) -> None:
    """Make an axis one of time, logarithmic."""
    log_axis(ax, which, list(TIMES.values()), list(TIMES), limits)


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
    ax : Axes
    xs, ys : sequence of float
    labels : sequence of str
    size : float
        Of the text, points.
    avoid : sequence of (x0, y0, x1, y1)
        Lines along an axis that no label should cross, from their lower left to their upper right.
    """
    points = ax.transData.transform(np.column_stack([np.asarray(xs, float), np.asarray(ys, float)]))
    dots = ax.figure.dpi / 72
    taken = [(x - 4 * dots, y - 4 * dots, x + 4 * dots, y + 4 * dots) for x, y in points]
    for x0, y0, x1, y1 in avoid:
        (left, bottom), (right, top) = ax.transData.transform([(x0, y0), (x1, y1)])
        taken.append((left - 2 * dots, bottom - 2 * dots, right + 2 * dots, top + 2 * dots))
    for (x, y), at, label in zip(points, zip(xs, ys, strict=True), labels, strict=True):
        boxes = [_box(x, y, label, place, size * dots, dots) for place in PLACES]
        cost = [_clash(box, taken) + 10 * _outside(box, ax) for box in boxes]
        best = int(np.argmin(cost))
        taken.append(boxes[best])
        dx, dy, ha, va = PLACES[best]
        ax.annotate(label, at, (dx, dy), textcoords="offset points", ha=ha, va=va, fontsize=size, linespacing=1.05)


def _box(x: float, y: float, label: str, place: tuple, size: float, dots: float) -> tuple[float, float, float, float]:
    lines = label.split("\n")
    wide, high = 0.54 * size * max(map(len, lines)), 1.15 * size * len(lines)
    dx, dy, ha, va = place
    left = x + dx * dots - {"left": 0, "center": 0.5, "right": 1}[ha] * wide
    bottom = y + dy * dots - {"bottom": 0, "center": 0.5, "top": 1}[va] * high
    return left, bottom, left + wide, bottom + high


def _clash(box: tuple, taken: list[tuple]) -> float:
    """Area that a box shares with others."""
    wide = [max(0.0, min(box[2], other[2]) - max(box[0], other[0])) for other in taken]
    high = [max(0.0, min(box[3], other[3]) - max(box[1], other[1])) for other in taken]
    return float(sum(a * b for a, b in zip(wide, high, strict=True)))


def _outside(box: tuple, ax: Axes) -> float:
    """How far a box reaches over the edges of the axes, in pixels."""
    frame = ax.bbox
    over = (frame.x0 - box[0], frame.y0 - box[1], box[2] - frame.x1, box[3] - frame.y1)
    return float(sum(max(0.0, one) for one in over))


def title() -> dict[str, object]:
    """Look of a title that starts at the figure's edge instead of the axes'."""
    return {"fontsize": 10, "fontweight": "bold", "color": PALETTE["ink"]}
